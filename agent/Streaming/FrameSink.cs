using HostAgent.Agent.Sampling;
using HostAgent.Agent.Spool;

namespace HostAgent.Agent.Streaming;

/// <summary>Where the tick ends: makes it a frame, has it sent, and has the spiller look whether it is needed.</summary>
internal sealed class FrameSink(FrameWindow window, Streamer streamer, Spiller spiller, TimeProvider time) : ITickConsumer
{
    /// <inheritdoc/>
    public void OnTick(long timeUnixMs, ReadOnlySpan<int> groups, SeriesTable table)
    {
        var now = time.GetTimestamp();
        window.Add(timeUnixMs, now, groups, table, out var samples);
        streamer.Figures.CountFrame(samples);
        streamer.OnTick(now);
        spiller.Check(now);
    }
}
