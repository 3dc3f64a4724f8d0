using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace HostAgent.Aggregator.Ingest;

/// <summary>/health's view of ingest: unhealthy while commits fail, warning when something was lost to a damaged file.</summary>
internal sealed class IngestHealthCheck(IngestPipeline pipeline) : IHealthCheck
{
    /// <inheritdoc/>
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        IngestHealth health = pipeline.Health();
        return Task.FromResult(health switch
        {
            { IsDegraded: true } => HealthCheckResult.Unhealthy(health.Detail),
            { DamagedJournalRows: > 0 } => HealthCheckResult.Degraded(health.Detail),
            _ => HealthCheckResult.Healthy(health.Detail),
        });
    }
}
