namespace HostAgent.Cli.Api;

/// <summary>Answer of GET /v1/series.</summary>
internal sealed record SeriesList(IReadOnlyList<SeriesDescription> Series, bool Truncated);
