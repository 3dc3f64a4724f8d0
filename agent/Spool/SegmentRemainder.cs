using HostAgent.V1;

namespace HostAgent.Agent.Spool;

/// <summary>The exact account of what is given up with a segment.</summary>
internal static class SegmentRemainder
{
    /// <summary>The frames of a segment that were not acknowledged (or, when it is damaged, did not read), as a loss; null: none.</summary>
    public static LossRange? Of(Segment segment, LossReason reason)
    {
        var first = Math.Max(segment.First, segment.AcknowledgedThrough + 1);
        if (first > segment.Last)
        {
            return null;
        }

        var (samples, fromUnixMs) = (segment.Samples, segment.FirstUnixMs);
        if (first > segment.First)
        {
            // What arrived is subtracted by looking again: only a segment that was being sent comes here.
            try
            {
                using var reader = new SegmentReader(segment.Path);
                while (reader.TryRead(out var record, out _) && record.Sequence < first)
                {
                    samples -= Math.Min(samples, (ulong)record.Samples);
                    fromUnixMs = record.Sequence == 0 ? fromUnixMs : record.TimeUnixMs;
                }
            }
            catch (IOException)
            {
                // The whole segment's count then: too many rather than too few.
            }
        }

        return new LossRange(segment.Epoch, first, segment.Last, fromUnixMs, segment.LastUnixMs, samples, reason);
    }
}
