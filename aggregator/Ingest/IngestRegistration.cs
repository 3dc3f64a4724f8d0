namespace HostAgent.Aggregator.Ingest;

/// <summary>Puts ingest into the container.</summary>
internal static class IngestRegistration
{
    /// <summary>Registers <see cref="IngestPipeline"/> and the health check "ingest". Needs a SampleStore, a HostDirectory, a MetricRegistry and a
    /// <see cref="TimeProvider"/>. The head is rebuilt when the program starts, before it listens.</summary>
    public static IServiceCollection AddIngest(this IServiceCollection services, IngestOptions options)
    {
        services.AddSingleton(options);
        services.AddSingleton<IngestPipeline>();
        services.AddHostedService<IngestRunner>();
        services.AddHealthChecks().AddCheck<IngestHealthCheck>("ingest");
        return services;
    }
}
