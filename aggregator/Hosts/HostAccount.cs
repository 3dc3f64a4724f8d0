namespace HostAgent.Aggregator.Hosts;

/// <summary>What a host produced in an interval and what became of it. Intervals that overlap the asked-for one stand in full, so sums are exact
/// for the intervals listed.</summary>
public sealed record HostAccount
{
    /// <summary>The host.</summary>
    public required string HostId { get; init; }

    /// <summary>Every run, by epoch, then sequence.</summary>
    public required IReadOnlyList<AccountInterval> Intervals { get; init; }

    /// <summary>Sequences that the aggregator has neither received nor been told of, below the highest it knows: still on their way (in the
    /// agent's spool), or an agent's fault if they never come. By epoch; outcome is meaningless there, so only bounds are given.</summary>
    public required IReadOnlyList<SequenceGap> Missing { get; init; }

    /// <summary>Frames stored while they were news.</summary>
    public ulong PresentFrames => Sum(static o => o == FrameOutcome.Present);

    /// <summary>Frames stored late.</summary>
    public ulong LateFrames => Sum(static o => o == FrameOutcome.Late);

    /// <summary>Frames that were dropped or refused by someone who said so.</summary>
    public ulong DroppedFrames => Sum(static o => o is not (FrameOutcome.Present or FrameOutcome.Late or FrameOutcome.LostAtCrash));

    /// <summary>Intervals in which an unknown number of frames was lost at a crash.</summary>
    public int CrashGaps => Intervals.Count(static i => i.Outcome == FrameOutcome.LostAtCrash);

    /// <summary>Frames not heard of yet.</summary>
    public ulong MissingFrames => Missing.Aggregate(0UL, static (sum, gap) => sum + (gap.LastSequence - gap.FirstSequence + 1));

    /// <summary>Present + late + dropped + missing.</summary>
    public ulong ProducedFrames => PresentFrames + LateFrames + DroppedFrames + MissingFrames;

    /// <summary>Batches or frames that came again and were not stored again, since the aggregator started.</summary>
    public required ulong DuplicateFrames { get; init; }

    private ulong Sum(Func<FrameOutcome, bool> which)
        => Intervals.Where(i => which(i.Outcome)).Aggregate(0UL, static (sum, i) => sum + i.Frames);
}
