namespace HostAgent.Aggregator.Api.Http;

/// <summary>Answer of GET /v1/series.</summary>
/// <param name="Series">In order of metric, then labels.</param>
/// <param name="Truncated">There are more than the limit; add conditions.</param>
internal sealed record SeriesResponse(IReadOnlyList<SeriesDescription> Series, bool Truncated);
