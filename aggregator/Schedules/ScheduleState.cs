namespace HostAgent.Aggregator.Schedules;

/// <summary>How far a schedule has come, as it is stored.</summary>
/// <param name="DecidedUnixMs">The last time that was decided on; 0 = none.</param>
/// <param name="Running">What was started last; null = nothing yet.</param>
/// <param name="HeldUnixMs">A time that a maintenance window holds; 0 = none.</param>
public sealed record ScheduleState(long DecidedUnixMs, string? Running, long HeldUnixMs);
