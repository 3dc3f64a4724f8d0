namespace HostAgent.Aggregator.Runbooks;

/// <summary>One step of a runbook: a command, a wait or an approval.</summary>
public sealed record RunbookStep
{
    /// <summary>For people.</summary>
    public required string Name { get; init; }

    /// <summary>Kind of the command; null when it is none.</summary>
    public string? Command { get; init; }

    /// <summary>Hosts of the command.</summary>
    public string? On { get; init; }

    /// <summary>Arguments of the command.</summary>
    public IReadOnlyDictionary<string, string> Args { get; init; } = new Dictionary<string, string>();

    /// <summary>How long the command may take on a host; zero = as the kind says.</summary>
    public TimeSpan Timeout { get; init; }

    /// <summary>What must hold before it goes on, see ProbeCondition; null when it is no wait. With a command: the command is repeated until it succeeds
    /// (<see cref="Repeat"/>).</summary>
    public string? WaitUntil { get; init; }

    /// <summary>The command only looks: it is asked again until it succeeds.</summary>
    public bool Repeat { get; init; }

    /// <summary>How long a wait or a repeated command may take. Default 2 min.</summary>
    public TimeSpan Within { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>What somebody has to agree to before it goes on; null when it is no approval.</summary>
    public string? Approval { get; init; }

    /// <summary>What happens when the step fails.</summary>
    public StepFailure OnFailure { get; init; } = StepFailure.Stop;

    /// <summary>The runbook has reached its end when this step succeeds.</summary>
    public bool EndOnSuccess { get; init; }

    /// <summary>A command that takes back what this one did, on the same hosts; null = nothing does.</summary>
    public RollbackCommand? Rollback { get; init; }

    /// <summary>A command that takes something back.</summary>
    /// <param name="Command">Kind.</param>
    /// <param name="Args">Arguments.</param>
    public sealed record RollbackCommand(string Command, IReadOnlyDictionary<string, string> Args);
}
