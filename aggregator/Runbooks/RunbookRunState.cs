namespace HostAgent.Aggregator.Runbooks;

/// <summary>Where a run of a runbook stands. Persisted by number; numbers only grow.</summary>
public enum RunbookRunState
{
    /// <summary>A step is at work.</summary>
    Running = 1,

    /// <summary>Somebody has to agree before it goes on.</summary>
    Approval = 2,

    /// <summary>What was done is being taken back.</summary>
    RollingBack = 3,

    /// <summary>It reached its end.</summary>
    Succeeded = 4,

    /// <summary>A step failed.</summary>
    Failed = 5,

    /// <summary>Somebody ended it.</summary>
    Cancelled = 6,
}
