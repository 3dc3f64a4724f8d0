using HostAgent.Agent.Linux;

namespace HostAgent.SamplingBench;

/// <summary>Nobody sleeps at full speed.</summary>
internal sealed class NoSleeper : ITickSleeper
{
    public TimeSpan Suspended => TimeSpan.Zero;

    public void Sleep(TimeSpan duration)
    {
    }

    public void WakeForGood()
    {
    }
}
