using HostAgent.Agent.Sampling;

namespace HostAgent.SamplingBench;

/// <summary>Takes ticks and does nothing with them.</summary>
internal sealed class NullConsumer : ITickConsumer
{
    public void OnTick(long timeUnixMs, ReadOnlySpan<int> groups, SeriesTable table)
    {
    }
}
