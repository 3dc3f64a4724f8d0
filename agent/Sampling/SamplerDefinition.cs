namespace HostAgent.Agent.Sampling;

/// <summary>What the catalog knows of a sampler before one is made.</summary>
internal sealed record SamplerDefinition
{
    /// <summary>Unique, lower case: the name in the configuration file and of the group on the wire.</summary>
    public required string Name { get; init; }

    /// <summary>One sentence: what it reads, and why not every second if it does not.</summary>
    public required string Help { get; init; }

    /// <summary>Everything it may ever advertise.</summary>
    public required IReadOnlyList<Metric> Metrics { get; init; }

    /// <summary>Makes one.</summary>
    public required Func<SamplerSetup, Sampler> Create { get; init; }

    /// <summary>Time between two readings unless the operator says otherwise; null for the cheap ones, which follow
    /// <see cref="SamplingOptions.Interval"/>.</summary>
    public TimeSpan? Interval { get; init; }

    /// <summary>True for the one that tells of the others: it is read after them.</summary>
    public bool ComesLast { get; init; }

    /// <summary>Its own options.</summary>
    public IReadOnlyList<SamplerOption> Options { get; init; } = [];
}
