namespace HostAgent.Agent.Sampling;

/// <summary>The metrics that every file system has.</summary>
internal sealed record FilesystemMetrics(
    Metric Size, Metric Free, Metric Available, Metric Inodes, Metric FreeInodes, Metric ReadOnly, Metric Error)
{
    /// <summary>All of them.</summary>
    public IReadOnlyList<Metric> All => [Size, Free, Available, Inodes, FreeInodes, ReadOnly, Error];
}
