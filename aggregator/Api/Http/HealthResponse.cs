namespace HostAgent.Aggregator.Api.Http;

/// <summary>Answer of GET /health. HTTP status 200 for healthy and warning, 503 for unhealthy.</summary>
/// <param name="Status">The worst of the checks: healthy, warning or unhealthy.</param>
/// <param name="Timestamp">When it was checked, RFC 3339.</param>
/// <param name="Version">Version of the aggregator.</param>
/// <param name="Checks">By name.</param>
internal sealed record HealthResponse(string Status, string Timestamp, string Version, IReadOnlyDictionary<string, HealthCheckResponse> Checks);
