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
        for (int i = 0; i < epochs.Count; i++)
        {
            ulong number = epochs[i].Record.Epoch;
            foreach (AccountInterval run in runs.Where(r => r.Epoch == number))
            {
                yield return run;
            }

            if (i + 1 < epochs.Count && !(epochs[i].Record.Ended && epochs[i].Record.Clean)
                && TryLast(runs, number, out long last) && TryFirst(runs, epochs[i + 1].Record.Epoch, out long next) && next > last)
            {
                yield return new AccountInterval(number, FrameOutcome.LostAtCrash, 0, 0, last, next, 0, 0);
            }
        }
    }

    /// <summary>What is still to come, of the epochs that overlap the interval (an epoch without any frame overlaps every one).</summary>
    public static IReadOnlyList<SequenceGap> Missing(List<AccountInterval> runs, IReadOnlyList<EpochState> epochs, long fromUnixMs, long toUnixMs)
    {
        var gaps = new List<SequenceGap>();
        foreach (EpochState epoch in epochs)
        {
            ulong number = epoch.Record.Epoch;
            if (TryFirst(runs, number, out long first) && TryLast(runs, number, out long last) && (first > toUnixMs || last < fromUnixMs))
            {
                continue;
            }

            gaps.AddRange(epoch.Missing().Select(g => new SequenceGap(number, g.First, g.Last)));
        }

        return gaps;
    }

    private static bool TryFirst(List<AccountInterval> runs, ulong epoch, out long unixMs)
    {
        unixMs = runs.Where(r => r.Epoch == epoch).Select(static r => r.FirstUnixMs).DefaultIfEmpty(long.MaxValue).Min();
        return unixMs != long.MaxValue;
    }

    private static bool TryLast(List<AccountInterval> runs, ulong epoch, out long unixMs)
    {
        unixMs = runs.Where(r => r.Epoch == epoch).Select(static r => r.LastUnixMs).DefaultIfEmpty(long.MinValue).Max();
        return unixMs != long.MinValue;
    }
}
