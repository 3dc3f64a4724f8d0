namespace HostAgent.Aggregator.Api.Http;

/// <summary>Answer of GET /v1/latest.</summary>
/// <param name="Now">The aggregator's clock, RFC 3339.</param>
/// <param name="Samples">In order of metric, then labels.</param>
internal sealed record LatestResponse(string Now, IReadOnlyList<LatestValue> Samples);
