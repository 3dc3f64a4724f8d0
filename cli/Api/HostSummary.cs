namespace HostAgent.Cli.Api;

/// <summary>A host in the answer of GET /v1/hosts; the aggregator's OpenAPI document says what the members mean.</summary>
internal sealed record HostSummary(
    string Id,
    string Name,
    string Liveness,
    string AgentVersion,
    DateTimeOffset? LastSeen,
    DateTimeOffset? LastSample,
    long ClockSkewMs,
    bool BackfillLaneConnected,
    int SeriesCount,
    string? LastRefusal,
    string? Duplicate = null);
