namespace HostAgent.Aggregator.Api.Http;

/// <summary>One check of /health.</summary>
/// <param name="Status">healthy, warning or unhealthy.</param>
/// <param name="Detail">What was found, for people.</param>
/// <param name="DurationMs">How long the check took.</param>
internal sealed record HealthCheckResponse(string Status, string? Detail, double DurationMs);
