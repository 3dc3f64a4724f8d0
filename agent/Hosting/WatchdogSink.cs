using HostAgent.Agent.Sampling;

namespace HostAgent.Agent.Hosting;

/// <summary>Proves to systemd with the ticks themselves that the agent is alive: an agent that does not tick should be restarted.</summary>
internal sealed class WatchdogSink(ITickConsumer inner, SystemdNotifier notifier, TimeProvider time) : ITickConsumer
{
    private long _told = time.GetTimestamp();

    /// <inheritdoc/>
    public void OnTick(long timeUnixMs, ReadOnlySpan<int> groups, SeriesTable table)
    {
        inner.OnTick(timeUnixMs, groups, table);
        if (time.GetElapsedTime(_told) >= notifier.WatchdogInterval / 2)
        {
            _told = time.GetTimestamp();
            notifier.StillAlive();
        }
    }
}
