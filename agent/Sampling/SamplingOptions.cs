namespace HostAgent.Agent.Sampling;

/// <summary>What is sampled and how often.</summary>
public sealed record SamplingOptions
{
    /// <summary>Shortest <see cref="Interval"/> allowed.</summary>
    public static readonly TimeSpan MinInterval = TimeSpan.FromMilliseconds(100);

    /// <summary>Longest <see cref="Interval"/> allowed.</summary>
    public static readonly TimeSpan MaxInterval = TimeSpan.FromHours(1);

    /// <summary>Time between two samples of the cheap samplers, aligned to the wall clock. Dear samplers have longer defaults of their own
    /// and follow only when this one is longer still. From 100 ms to 1 h, in whole milliseconds; default 1 s.</summary>
    public TimeSpan Interval { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Settings by sampler name; a sampler that is not named runs with its defaults. Default: empty.</summary>
    public IReadOnlyDictionary<string, SamplerSettings> Samplers { get; init; } = new Dictionary<string, SamplerSettings>();
}
