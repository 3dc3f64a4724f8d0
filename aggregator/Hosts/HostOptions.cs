namespace HostAgent.Aggregator.Hosts;

/// <summary>When a host counts as up, stale or down.</summary>
public sealed record HostOptions
{
    /// <summary>A connected host whose newest live sample arrived longer ago than this is stale. Default 10 s.</summary>
    public TimeSpan StaleAfter { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>A host not heard from for this long is down. Default 30 s.</summary>
    public TimeSpan DownAfter { get; init; } = TimeSpan.FromSeconds(30);
}
