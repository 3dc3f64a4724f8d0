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
