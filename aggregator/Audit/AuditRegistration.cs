using HostAgent.Aggregator.Metrics;
using HostAgent.Aggregator.Storage;

namespace HostAgent.Aggregator.Audit;

/// <summary>The room's services.</summary>
internal static class AuditRegistration
{
    /// <summary>Adds <see cref="IAuditLog"/> and its health check.</summary>
    /// <param name="services">Must also have an <see cref="IDocumentStore"/>.</param>
    /// <param name="headPath">Path of audit.head.</param>
    public static void AddAudit(this IServiceCollection services, string headPath)
    {
        services.AddSingleton(provider => new AuditLog(
            provider.GetRequiredService<IDocumentStore>(),
            headPath,
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<MetricRegistry>(),
            provider.GetRequiredService<ILogger<AuditLog>>()));
        services.AddSingleton<IAuditLog>(provider => provider.GetRequiredService<AuditLog>());
        services.AddHealthChecks().AddCheck<AuditLog>("audit");
    }
}
