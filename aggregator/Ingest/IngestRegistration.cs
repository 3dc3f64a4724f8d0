using HostAgent.Aggregator.Hosts;
using HostAgent.Aggregator.Storage;
using HostAgent.Aggregator.Storage.Sqlite;

namespace HostAgent.Aggregator.Ingest;

/// <summary>Puts the store, the host directory and ingest into the container.</summary>
internal static class IngestRegistration
{
    /// <summary>Registers <see cref="ISeriesReader"/>, <see cref="IHostDirectory"/> and <see cref="IngestPipeline"/> over an SQLite file (its path is
    /// given), and the health check "ingest". Needs a <see cref="TimeProvider"/> and a MetricRegistry. The head is rebuilt when the program starts,
    /// before it listens.</summary>
    public static IServiceCollection AddIngest(this IServiceCollection services, string sqliteFile, IngestOptions options, LivenessOptions liveness)
    {
        services.AddSingleton(options);
        services.AddSingleton(liveness);
        services.AddSingleton<IStorageBackend>(_ => new SqliteBackend(sqliteFile));
        services.AddSingleton<SampleStore>();
        services.AddSingleton<ISeriesReader>(static s => s.GetRequiredService<SampleStore>());
        services.AddSingleton<HostDirectory>();
        services.AddSingleton<IHostDirectory>(static s => s.GetRequiredService<HostDirectory>());
        services.AddSingleton<IngestPipeline>();
        services.AddHostedService<IngestRunner>();
        services.AddHealthChecks().AddCheck<IngestHealthCheck>("ingest");
        return services;
    }
}
