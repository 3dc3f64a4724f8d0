namespace HostAgent.Aggregator.Schedules;

/// <summary>What became of one time of a schedule. Persisted by number; numbers only grow.</summary>
public enum ScheduleOutcome
{
    /// <summary>The command or runbook was started.</summary>
    Started = 1,

    /// <summary>The one before is not over yet.</summary>
    Overlapped = 2,

    /// <summary>It passed while the aggregator was not there.</summary>
    Missed = 3,

    /// <summary>A maintenance window holds it; it starts when the window ends.</summary>
    Held = 4,

    /// <summary>It could not be started.</summary>
    Refused = 5,
}
