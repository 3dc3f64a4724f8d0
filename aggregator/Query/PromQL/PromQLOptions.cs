namespace HostAgent.Aggregator.Query.PromQL;

/// <summary>Bounds of one query and the defaults of its language.</summary>
internal sealed record PromQLOptions
{
    /// <summary>How old the newest sample of a series may be to stand for an instant. Default 5 min.</summary>
    public TimeSpan Lookback { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>Step of subqueries that name none. Default 1 min.</summary>
    public TimeSpan DefaultSubqueryStep { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>Longest time one query may take. Default 2 min.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>Most samples one query may read or keep in memory, all its selectors and intermediate results together. Default 50,000,000.</summary>
    public long MaxSamples { get; init; } = 50_000_000;

    /// <summary>Most series one selector may find. Default 100,000.</summary>
    public int MaxSeries { get; init; } = 100_000;

    /// <summary>Most points per series of a range query. Default 11,000.</summary>
    public int MaxSteps { get; init; } = 11_000;
}
