namespace HostAgent.Cli.Api;

/// <summary>Answer of GET /v1/range.</summary>
internal sealed record RangeList(string? Step, string? Aggregation, IReadOnlyList<SeriesPoints> Series);
