namespace HostAgent.Aggregator.Runbooks;

/// <summary>How a step fares, as it is stored. Times are unix milliseconds; 0 = not yet.</summary>
public sealed record StepRecord
{
    /// <summary>Where it stands.</summary>
    public StepState State { get; init; } = StepState.Waiting;

    /// <summary>Which try, from 1.</summary>
    public int Attempt { get; init; }

    /// <summary>The command of this try. Stored before the command is asked for: after a crash it is asked for again under the same id.</summary>
    public string? CommandId { get; init; }

    /// <summary>The command that takes it back.</summary>
    public string? RollbackId { get; init; }

    /// <summary>When it began.</summary>
    public long StartedUnixMs { get; init; }

    /// <summary>When this try ended, for repeated ones.</summary>
    public long TriedUnixMs { get; init; }

    /// <summary>When it ended.</summary>
    public long EndedUnixMs { get; init; }

    /// <summary>For people.</summary>
    public string Message { get; init; } = "";
}
