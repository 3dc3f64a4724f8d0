namespace HostAgent.Agent.Sampling;

/// <summary>How one reading of a sampler ended.</summary>
internal readonly record struct SampleOutcome
{
    /// <summary>All live series of the group have a new value.</summary>
    public static readonly SampleOutcome Taken = new() { Kind = SampleOutcomeKind.Taken };

    /// <summary>Not its turn yet by its own reckoning: the group is left out of this tick and nothing else changes.</summary>
    public static readonly SampleOutcome Skipped = new() { Kind = SampleOutcomeKind.Skipped };

    /// <summary>There is nothing to measure here, or not yet: not an error.</summary>
    public static SampleOutcome NothingToSay(string reason) => new() { Kind = SampleOutcomeKind.NothingToSay, Reason = reason };

    /// <summary>The reading failed: the group has no data in this tick.</summary>
    public static SampleOutcome Failed(string reason) => new() { Kind = SampleOutcomeKind.Failed, Reason = reason };

    /// <summary>Which of the three.</summary>
    public SampleOutcomeKind Kind { get; private init; }

    /// <summary>Why, for people; null after a reading that went well.</summary>
    public string? Reason { get; private init; }
}
