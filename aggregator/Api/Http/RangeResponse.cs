namespace HostAgent.Aggregator.Api.Http;

/// <summary>Answer of GET /v1/range.</summary>
/// <param name="From">Time of the first possible point, RFC 3339.</param>
/// <param name="To">Time of the last possible point, RFC 3339.</param>
/// <param name="Step">Distance of points, such as 10s; null for samples as they were stored.</param>
/// <param name="Aggregation">How the samples in (time - step, time] became the point at time; null for samples as they were stored.</param>
/// <param name="Series">Those with points, in order of metric, then labels.</param>
internal sealed record RangeResponse(string From, string To, string? Step, string? Aggregation, IReadOnlyList<SeriesPoints> Series);
