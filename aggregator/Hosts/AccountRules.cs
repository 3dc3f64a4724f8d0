namespace HostAgent.Aggregator.Hosts;

/// <summary>How runs of frames add up to an account.</summary>
internal static class AccountRules
{
    /// <summary>One run out of two that <see cref="FrameRuns.CanJoin"/> says may be one.</summary>
    public static AccountInterval Join(AccountInterval earlier, AccountInterval later) => earlier with
    {
        LastSequence = later.LastSequence,
        LastUnixMs = later.LastUnixMs,
        Frames = earlier.Frames + later.Frames,
        Samples = earlier.Samples + later.Samples,
    };

    /// <summary>Orders runs by epoch and sequence and joins those that may be one.</summary>
    public static List<AccountInterval> Join(IEnumerable<AccountInterval> runs)
    {
        var joined = new List<AccountInterval>();
        foreach (AccountInterval run in runs.OrderBy(static r => r.Epoch).ThenBy(static r => r.FirstSequence))
        {
            if (joined.Count > 0 && FrameRuns.CanJoin(joined[^1], run))
            {
                joined[^1] = Join(joined[^1], run);
            }
            else
            {
                joined.Add(run);
            }
        }

        return joined;
    }

    /// <summary>A part of a loss with its times cut where the stored frames before and behind it stand: the loss as a whole told only its own
    /// first and last time. A host whose clock jumped in between may leave no room; the part is then an instant.</summary>
    public static AccountInterval Between(AccountInterval part, IEnumerable<AccountInterval> runs)
    {
        AccountInterval? before = null;
        AccountInterval? behind = null;
        foreach (AccountInterval run in runs)
        {
            // The time of a refused frame is not believed; that of another loss is no better than this one's.
            if (run.Epoch != part.Epoch || run.Outcome is not (FrameOutcome.Present or FrameOutcome.Late))
            {
                continue;
            }

            before = run.LastSequence < part.FirstSequence && run.LastSequence >= (before?.LastSequence ?? 0) ? run : before;
            behind = run.FirstSequence > part.LastSequence && run.FirstSequence <= (behind?.FirstSequence ?? ulong.MaxValue) ? run : behind;
        }

        long first = Math.Max(part.FirstUnixMs, before is null ? long.MinValue : before.LastUnixMs + 1);
        long last = Math.Min(part.LastUnixMs, behind is null ? long.MaxValue : behind.FirstUnixMs - 1);
        first = Math.Min(first, part.LastUnixMs);
        return part with { FirstUnixMs = first, LastUnixMs = Math.Max(first, last) };
    }

    /// <summary>Adds what was lost when an agent died: after every epoch that a later one followed and that did not end cleanly, the interval from
    /// its last frame to the first frame of the next. Nobody can know how many frames were in it.</summary>
    public static IEnumerable<AccountInterval> WithCrashes(List<AccountInterval> runs, IReadOnlyList<EpochState> epochs)
    {
        ILookup<ulong, AccountInterval> byEpoch = runs.ToLookup(static r => r.Epoch);
        for (int i = 0; i < epochs.Count; i++)
        {
            ulong number = epochs[i].Record.Epoch;
            foreach (AccountInterval run in byEpoch[number])
            {
                yield return run;
            }

            if (i + 1 < epochs.Count && !(epochs[i].Record.Ended && epochs[i].Record.Clean)
                && Bounds(byEpoch[number]) is { } own && Bounds(byEpoch[epochs[i + 1].Record.Epoch]) is { } next && next.First > own.Last)
            {
                yield return new AccountInterval(number, FrameOutcome.LostAtCrash, 0, 0, own.Last, next.First, 0, 0);
            }
        }
    }

    /// <summary>What is still to come, of the epochs that overlap the interval (an epoch without any frame overlaps every one).</summary>
    public static IReadOnlyList<SequenceGap> Missing(List<AccountInterval> runs, IReadOnlyList<EpochState> epochs, long fromUnixMs, long toUnixMs)
    {
        ILookup<ulong, AccountInterval> byEpoch = runs.ToLookup(static r => r.Epoch);
        var gaps = new List<SequenceGap>();
        foreach (EpochState epoch in epochs)
        {
            ulong number = epoch.Record.Epoch;
            if (Bounds(byEpoch[number]) is { } own && (own.First > toUnixMs || own.Last < fromUnixMs))
            {
                continue;
            }

            gaps.AddRange(epoch.Missing().Select(g => new SequenceGap(number, g.First, g.Last)));
        }

        return gaps;
    }

    private static (long First, long Last)? Bounds(IEnumerable<AccountInterval> runs)
    {
        (long First, long Last)? bounds = null;
        foreach (AccountInterval run in runs)
        {
            bounds = bounds is { } b ? (Math.Min(b.First, run.FirstUnixMs), Math.Max(b.Last, run.LastUnixMs)) : (run.FirstUnixMs, run.LastUnixMs);
        }

        return bounds;
    }
}
