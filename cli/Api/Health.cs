namespace HostAgent.Cli.Api;

/// <summary>Answer of GET /health.</summary>
internal sealed record Health(string Status, DateTimeOffset Timestamp, string Version, Dictionary<string, HealthCheck> Checks);
