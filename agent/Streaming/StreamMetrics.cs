using HostAgent.Agent.Sampling;
using HostAgent.Agent.Spool;

namespace HostAgent.Agent.Streaming;

/// <summary>The agent's own metrics about spool and stream.</summary>
internal static class StreamMetrics
{
    public static void Register(FrameWindow window, DiskSpool spool, StreamFigures stream, Func<long> certificateNotAfterSeconds)
    {
        Counter("hostagent_frames_total", "Frames (ticks) produced.", () => stream.Frames);
        Counter("hostagent_samples_total", "Samples in the frames produced.", () => stream.Samples);
        Counter("hostagent_frames_acknowledged_total", "Frames that the aggregator has stored.", () => stream.AcknowledgedFrames);
        Counter("hostagent_frames_backfilled_total", "Frames sent from the spool.", () => stream.BackfilledFrames);
        Gauge("hostagent_window_frames", "Frames in memory that wait for their acknowledgement.", () => window.Count);
        Gauge("hostagent_window_bytes", "Memory that they take.", () => window.Bytes);
        Counter("hostagent_window_frames_dropped_total", "Frames dropped because memory was full and the disk refused.", () => window.DroppedFrames);
        Gauge("hostagent_stream_connected", "1 while the aggregator has welcomed this agent.", () => stream.IsConnected ? 1 : 0);
        Counter("hostagent_stream_reconnects_total", "Connections made after the first.", () => stream.Reconnects);
        Counter("hostagent_stream_sent_bytes_total", "Bytes sent to the aggregator, TLS included.", () => stream.SentBytes);
        Counter("hostagent_stream_received_bytes_total", "Bytes received from the aggregator, TLS included.", () => stream.ReceivedBytes);
        Gauge("hostagent_certificate_not_after_seconds", "End of this host's certificate, seconds since 1970; 0: it has none.", certificateNotAfterSeconds);
        Gauge("hostagent_spool_bytes", "Bytes of the segments on disk.", () => spool.Figures.Bytes);
        Gauge("hostagent_spool_segments", "Segments on disk.", () => spool.Figures.Segments);
        Gauge("hostagent_spool_failing", "1 while the disk refuses the spool.", () => spool.Figures.IsFailing ? 1 : 0);
        Counter("hostagent_spool_failures_total", "Writes that the disk refused.", () => spool.Figures.Failures);
        Counter("hostagent_spool_frames_dropped_total", "Frames dropped because the spool was full.", () => spool.Figures.DroppedFrames);
        Counter("hostagent_spool_segments_damaged_total", "Segments put aside because they did not read.", () => spool.Figures.DamagedSegments);
        Counter("hostagent_samples_lost_total", "Samples known to be lost, whatever the reason.", () => spool.Figures.LostSamples);
    }

    private static void Counter(string name, string help, Func<long> read) => SelfMetrics.Register(new Metric(name, MetricType.Counter, help), read);

    private static void Gauge(string name, string help, Func<long> read) => SelfMetrics.Register(new Metric(name, MetricType.Gauge, help), read);
}
