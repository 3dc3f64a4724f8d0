namespace HostAgent.Aggregator.Runbooks;

/// <summary>Where a step stands. Persisted by number; numbers only grow.</summary>
public enum StepState
{
    /// <summary>Its turn has not come.</summary>
    Waiting = 1,

    /// <summary>It is at work.</summary>
    Running = 2,

    /// <summary>Done.</summary>
    Succeeded = 3,

    /// <summary>It did not work.</summary>
    Failed = 4,

    /// <summary>The end came before its turn.</summary>
    Skipped = 5,

    /// <summary>Done, and taken back.</summary>
    RolledBack = 6,

    /// <summary>Done, and could not be taken back.</summary>
    RollbackFailed = 7,
}
