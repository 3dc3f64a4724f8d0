namespace HostAgent.Aggregator.Schedules;

/// <summary>What happens with a time that passed while the aggregator was not there. Persisted by number; numbers only grow.</summary>
public enum MissedPolicy
{
    /// <summary>It is noted, and the next one is waited for.</summary>
    Skip = 1,

    /// <summary>It is made up for once, however many were missed.</summary>
    RunOnce = 2,
}
