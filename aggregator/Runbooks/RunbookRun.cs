namespace HostAgent.Aggregator.Runbooks;

/// <summary>One run of a runbook, as it is stored: the checkpoint from which it goes on after a crash. Times are unix milliseconds.</summary>
public sealed record RunbookRun
{
    /// <summary>32 lower-case hex digits.</summary>
    public required string Id { get; init; }

    /// <summary>Name of the runbook.</summary>
    public required string Runbook { get; init; }

    /// <summary>Its text when it was started: a change of the runbook does not touch what runs.</summary>
    public required string Yaml { get; init; }

    /// <summary>Its parameters.</summary>
    public required SortedDictionary<string, string> Args { get; init; }

    /// <summary>Who started it.</summary>
    public required string RequestedBy { get; init; }

    /// <summary>When it was started.</summary>
    public required long CreatedUnixMs { get; init; }

    /// <summary>When it ended; 0 = not yet.</summary>
    public long EndedUnixMs { get; init; }

    /// <summary>Where it stands.</summary>
    public RunbookRunState State { get; init; } = RunbookRunState.Running;

    /// <summary>The step that is at work, from 0.</summary>
    public int Current { get; init; }

    /// <summary>Every step.</summary>
    public required IReadOnlyList<StepRecord> Steps { get; init; }

    /// <summary>Somebody wants it ended: who and why; null = nobody.</summary>
    public string? Cancelled { get; init; }

    /// <summary>It is over.</summary>
    internal bool IsOver => State >= RunbookRunState.Succeeded;

    /// <summary>With another record for a step.</summary>
    internal RunbookRun With(int step, StepRecord record) => this with { Steps = [.. Steps.Select((old, i) => i == step ? record : old)] };
}
