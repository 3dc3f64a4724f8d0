using HostAgent.V1;

namespace HostAgent.Agent.Spool;

/// <summary>A run of sequences of one epoch that will never be sent, and why.</summary>
internal sealed record LossRange(
    ulong Epoch, ulong First, ulong Last, long FirstUnixMs, long LastUnixMs, ulong Samples, LossReason Reason)
{
    /// <summary>The two as one when the other continues this one; null when it does not.</summary>
    public LossRange? Join(LossRange next) =>
        next.Epoch == Epoch && next.Reason == Reason && next.First == Last + 1
            ? this with
            {
                Last = next.Last,
                FirstUnixMs = Math.Min(FirstUnixMs, next.FirstUnixMs),
                LastUnixMs = Math.Max(LastUnixMs, next.LastUnixMs),
                Samples = Samples + next.Samples,
            }
            : null;

    public Loss ToWire() => new()
    {
        FirstSequence = First,
        LastSequence = Last,
        // A clock that was set back within the run makes the last frame older than the first.
        FirstUnixMs = Math.Min(FirstUnixMs, LastUnixMs),
        LastUnixMs = Math.Max(FirstUnixMs, LastUnixMs),
        Samples = Samples,
        Reason = Reason,
    };
}
