using HostAgent.Agent.Sampling;

namespace HostAgent.Agent.Tests.Sampling;

/// <summary>A sampler that does what the test says.</summary>
internal sealed class TestSampler(Func<Tick, SampleOutcome> sample) : Sampler
{
    public static SamplerDefinition Definition(string name, Func<Tick, SampleOutcome> sample, TimeSpan? interval = null, SamplerOption[]? options = null) => new()
    {
        Name = name,
        Help = "For tests.",
        Metrics = [],
        Interval = interval,
        Options = options ?? [],
        Create = _ => new TestSampler(sample),
    };

    public override SampleOutcome Sample(Tick tick) => sample(tick);

    public override void Dispose()
    {
    }
}
