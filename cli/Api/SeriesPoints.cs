namespace HostAgent.Cli.Api;

/// <summary>One series and its points in the answer of GET /v1/range.</summary>
internal sealed record SeriesPoints(string Metric, Dictionary<string, string> Labels, IReadOnlyList<Point> Points);
