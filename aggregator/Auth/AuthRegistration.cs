using HostAgent.Aggregator.Audit;
using HostAgent.Aggregator.Storage;

namespace HostAgent.Aggregator.Auth;

/// <summary>The room's services.</summary>
internal static class AuthRegistration
{
    /// <summary>Adds tokens, sessions, locks and the local admin's token.</summary>
    /// <param name="services">Must also have an <see cref="IDocumentStore"/> and an <see cref="IAuditLog"/>.</param>
    /// <param name="options">Limits.</param>
    /// <param name="adminTokenPath">Path of admin.token.</param>
    public static void AddAuth(this IServiceCollection services, AuthOptions options, string adminTokenPath)
    {
        services.AddSingleton(options);
        services.AddSingleton<OperatorTokens>();
        services.AddSingleton<Sessions>();
        services.AddSingleton<AttemptLocks>();
        services.AddSingleton<RequestRates>();
        services.AddHostedService(provider => new LocalAdminToken(
            provider.GetRequiredService<OperatorTokens>(),
            adminTokenPath,
            options,
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILogger<LocalAdminToken>>()));
    }
}
