namespace HostAgent.Aggregator.Query;

/// <summary>Bounds of one query.</summary>
internal sealed record QueryOptions
{
    /// <summary>Most series one query may select. Default 10,000.</summary>
    public int MaxSeries { get; init; } = 10_000;

    /// <summary>Most points one answer may hold, all series together. Default 1,000,000 (16 MB in memory).</summary>
    public int MaxPoints { get; init; } = 1_000_000;

    /// <summary>Longest interval one query may span. Default 10 years.</summary>
    public TimeSpan MaxRange { get; init; } = TimeSpan.FromDays(3653);

    /// <summary>Two samples of a counter further apart than this (or one step, when that is longer) say nothing about the rate between them.
    /// Default 5 min.</summary>
    public TimeSpan MaxRateGap { get; init; } = TimeSpan.FromMinutes(5);
}
