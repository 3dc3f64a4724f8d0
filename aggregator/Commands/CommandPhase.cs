namespace HostAgent.Aggregator.Commands;

/// <summary>Where a command as a whole stands. Numbers are persisted and only grow.</summary>
public enum CommandPhase
{
    /// <summary>It waits for as many operators' signatures as its kind needs.</summary>
    PendingApproval = 1,

    /// <summary>It is being delivered and carried out.</summary>
    Open = 2,

    /// <summary>Every host has its final state.</summary>
    Concluded = 3,
}
