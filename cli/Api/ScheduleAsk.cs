namespace HostAgent.Cli.Api;

/// <summary>The body of PUT /v1/schedules/{name}; the aggregator's OpenAPI document says what the members mean.</summary>
internal sealed record ScheduleAsk(
    string At, string? Zone, bool? Enabled, string? Missed, string? Jitter, string? Kind, string? On, Dictionary<string, string> Args, string? ExpiresIn,
    string? Timeout, string? Runbook);
