namespace HostAgent.Aggregator.Storage;

/// <summary>A run of frames of one epoch with one outcome, at rest. <paramref name="Outcome"/> is the number of a <c>FrameOutcome</c>; the other
/// fields are those of <c>AccountInterval</c>.</summary>
public sealed record AccountRecord(
    string HostId,
    ulong Epoch,
    byte Outcome,
    ulong FirstSequence,
    ulong LastSequence,
    long FirstUnixMs,
    long LastUnixMs,
    ulong Samples);
