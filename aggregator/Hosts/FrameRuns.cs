namespace HostAgent.Aggregator.Hosts;

/// <summary>What became of the frames of one journal section, as runs. They join the host's account when the section is sealed. Guarded by the
/// host's lock.</summary>
internal sealed class FrameRuns
{
    private const long HourMs = 3_600_000;

    private readonly List<AccountInterval> _runs = [];
    private Run _open;

    /// <summary>All runs so far, in order of arrival.</summary>
    public IEnumerable<AccountInterval> All => _open.Frames == 0 ? _runs : _runs.Append(_open.ToInterval());

    /// <summary>True when runs with these bounds may be one: same outcome, consecutive, in the same UTC hour, and no clock set back between them (a run's
    /// first time is its earliest).</summary>
    public static bool CanJoin(AccountInterval earlier, AccountInterval later)
        => earlier.Epoch == later.Epoch && earlier.Outcome == later.Outcome && earlier.LastSequence + 1 == later.FirstSequence
            && earlier.LastSequence != 0 && later.FirstUnixMs >= earlier.LastUnixMs && Hour(earlier.FirstUnixMs) == Hour(later.LastUnixMs);

    /// <summary>Counts one frame. Allocates nothing while runs go on.</summary>
    public void Add(ulong epoch, FrameOutcome outcome, ulong sequence, long timeUnixMs, int samples)
    {
        if (_open.Frames > 0 && _open.Epoch == epoch && _open.Outcome == outcome && _open.Last + 1 == sequence
            && timeUnixMs >= _open.LastUnixMs && Hour(_open.FirstUnixMs) == Hour(timeUnixMs))
        {
            _open.Last = sequence;
            _open.LastUnixMs = timeUnixMs;
            _open.Frames++;
            _open.Samples += (ulong)samples;
            return;
        }

        Close();
        _open = new Run
        {
            Epoch = epoch,
            Outcome = outcome,
            First = sequence,
            Last = sequence,
            FirstUnixMs = timeUnixMs,
            LastUnixMs = timeUnixMs,
            Frames = 1,
            Samples = (ulong)samples,
        };
    }

    /// <summary>Counts a run as a whole.</summary>
    public void Add(AccountInterval run)
    {
        Close();
        _runs.Add(run);
    }

    private static long Hour(long unixMs) => Math.DivRem(unixMs, HourMs).Quotient;

    private void Close()
    {
        if (_open.Frames > 0)
        {
            _runs.Add(_open.ToInterval());
            _open = default;
        }
    }

    private struct Run
    {
        public ulong Epoch;
        public FrameOutcome Outcome;
        public ulong First;
        public ulong Last;
        public long FirstUnixMs;
        public long LastUnixMs;
        public ulong Frames;
        public ulong Samples;

        public readonly AccountInterval ToInterval() => new(Epoch, Outcome, First, Last, FirstUnixMs, LastUnixMs, Frames, Samples);
    }
}
