namespace HostAgent.Aggregator.Ingest;

/// <summary>Starts the pipeline with the program, before the listeners, and stops it after them.</summary>
internal sealed class IngestRunner(IngestPipeline pipeline) : IHostedService
{
    /// <inheritdoc/>
    public Task StartAsync(CancellationToken cancellationToken)
    {
        pipeline.Start();
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task StopAsync(CancellationToken cancellationToken) => pipeline.StopAsync();
}
