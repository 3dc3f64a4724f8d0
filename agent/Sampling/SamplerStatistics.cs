namespace HostAgent.Agent.Sampling;

/// <summary>What the scheduler knows of one sampler.</summary>
internal sealed class SamplerStatistics(string name)
{
    /// <summary>Time the last reading took, in nanoseconds.</summary>
    public long LastDurationNs;

    /// <summary>Readings that failed, hung ones included.</summary>
    public long Failures;

    /// <summary>How the last reading ended.</summary>
    public SampleOutcomeKind State;

    /// <summary>The sampler's name.</summary>
    public string Name => name;
}
