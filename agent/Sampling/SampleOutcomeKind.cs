namespace HostAgent.Agent.Sampling;

/// <summary>The kinds of <see cref="SampleOutcome"/>; the numbers are the values of <c>hostagent_sampler_state</c>.</summary>
internal enum SampleOutcomeKind
{
    /// <summary>Nothing to measure.</summary>
    NothingToSay = 0,

    /// <summary>Values were taken.</summary>
    Taken = 1,

    /// <summary>It failed.</summary>
    Failed = 2,

    /// <summary>A reading has not come back.</summary>
    Hung = 3,

    /// <summary>Not its turn yet: never a state.</summary>
    Skipped = 4,
}
