namespace HostAgent.Cli.Api;

/// <summary>One series in the answer of GET /v1/series.</summary>
internal sealed record SeriesDescription(string Metric, Dictionary<string, string> Labels, string Type, string Help);
