namespace HostAgent.Aggregator.Runbooks;

/// <summary>What happens when a step fails.</summary>
public enum StepFailure
{
    /// <summary>The runbook has failed.</summary>
    Stop,

    /// <summary>It goes on with the next step.</summary>
    Continue,

    /// <summary>What the steps so far did is taken back, the last one first, and the runbook has failed.</summary>
    Rollback,
}
