namespace HostAgent.Cli.Api;

/// <summary>One check in the answer of GET /health.</summary>
internal sealed record HealthCheck(string Status, string? Detail);
