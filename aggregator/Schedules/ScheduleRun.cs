namespace HostAgent.Aggregator.Schedules;

/// <summary>One time of a schedule and what became of it, as it is stored.</summary>
/// <param name="PlannedUnixMs">When it fell due.</param>
/// <param name="DecidedUnixMs">When that was decided.</param>
/// <param name="Outcome">What.</param>
/// <param name="Started">Id of what was started: <c>command/ID</c> or <c>runbook/ID</c>; null = nothing.</param>
/// <param name="Message">For people.</param>
public sealed record ScheduleRun(long PlannedUnixMs, long DecidedUnixMs, ScheduleOutcome Outcome, string? Started, string Message);
