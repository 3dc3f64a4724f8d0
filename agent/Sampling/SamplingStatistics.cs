namespace HostAgent.Agent.Sampling;

/// <summary>What the scheduler counts since its start. Written on the tick thread and by the supervisor, read by the self sampler;
/// single 64-bit fields, so a reader sees whole values.</summary>
internal sealed class SamplingStatistics
{
    /// <summary>Ticks that were handed to the consumer.</summary>
    public long Ticks;

    /// <summary>Planned instants that passed without a tick because the one before took too long or the host did not let the agent run.</summary>
    public long SkippedTicks;

    /// <summary>Times the wall clock was set, by whomever.</summary>
    public long ClockJumps;

    /// <summary>Times the machine was suspended.</summary>
    public long Suspends;

    /// <summary>The samplers that run, in the order of their groups.</summary>
    public SamplerStatistics[] Samplers { get; set; } = [];
}
