namespace HostAgent.Agent.Sampling;

/// <summary>The operator's word on one sampler.</summary>
public sealed record SamplerSettings
{
    /// <summary>False switches the sampler off. Null: the sampler's default.</summary>
    public bool? Enabled { get; init; }

    /// <summary>Time between two samples, within the bounds of <see cref="SamplingOptions.Interval"/>. Null: the sampler's default, or
    /// <see cref="SamplingOptions.Interval"/> when that is longer.</summary>
    public TimeSpan? Interval { get; init; }

    /// <summary>How long one reading may take before the sampler counts as hung and the others go on without it, from 100 ms to
    /// 5 min. Null: 2 s.</summary>
    public TimeSpan? Timeout { get; init; }

    /// <summary>The sampler's own options by name, as text (see <see cref="SamplerOption"/>). Default: empty.</summary>
    public IReadOnlyDictionary<string, string> Values { get; init; } = new Dictionary<string, string>();
}
