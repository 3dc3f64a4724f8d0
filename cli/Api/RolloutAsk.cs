namespace HostAgent.Cli.Api;

/// <summary>A rollout in <see cref="CommandAsk"/>.</summary>
internal sealed record RolloutAsk(int? MaxConcurrent, int? Canary, string? Batch, string? MaxErrors, string? Pause, string? Probe, string? ProbeWithin);
