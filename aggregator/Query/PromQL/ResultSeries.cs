namespace HostAgent.Aggregator.Query.PromQL;

/// <summary>One series of an answer, its points in ascending time, at least one.</summary>
internal sealed record ResultSeries(Labels Labels, IReadOnlyList<Point> Points);
