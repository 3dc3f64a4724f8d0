using HostAgent.Aggregator.Hosts;
using HostAgent.Aggregator.Storage.Head;

namespace HostAgent.Aggregator.Ingest;

/// <summary>The open section of a lane: its place in the head, in the host's account and in the journal.</summary>
/// <param name="Number">Number in the journal.</param>
/// <param name="Head">Samples.</param>
/// <param name="Runs">What became of its frames.</param>
/// <param name="OpenedUnixMs">When it was opened, aggregator's clock.</param>
/// <param name="MaxTicks">Ticks after which it is sealed.</param>
internal sealed record LaneSection(long Number, HeadSection Head, FrameRuns Runs, long OpenedUnixMs, int MaxTicks)
{
    // Readers look back as far as the longest chunk reaches: one must not span a clock that was set.
    private const long MaxStepMs = 3_600_000;

    private long? _lastFrameUnixMs;

    /// <summary>True when a frame of this time should rather begin a new section.</summary>
    public bool IsFullFor(long frameUnixMs)
        => Head.Ticks >= MaxTicks || (_lastFrameUnixMs is { } last && Math.Abs(frameUnixMs - last) > MaxStepMs);

    /// <summary>A frame of this time was appended.</summary>
    public void Appended(long frameUnixMs) => _lastFrameUnixMs = frameUnixMs;
}
