namespace HostAgent.LoadTool;

/// <summary>What all simulated agents did since the last step began.</summary>
internal sealed class LoadCounters
{
    public long SentFrames;
    public long AckedFrames;
    public long SentBytes;
    public long Failures;

    /// <summary>Frames sent and not acknowledged, ever.</summary>
    public long InFlight;

    /// <summary>Between two frames of an agent; agents read it at every frame.</summary>
    public long IntervalTicks;

    public LatencyHistogram Latency { get; } = new();

    /// <summary>The last reason for which a stream failed.</summary>
    public string? LastFailure;

    public void Clear()
    {
        (SentFrames, AckedFrames, SentBytes) = (0, 0, 0);
        Latency.Clear();
    }
}
