namespace HostAgent.Torture.Verification;

/// <summary>Compares what an agent produced with what the aggregator has, frame by frame and sample by sample.</summary>
/// <remarks>The promise: present + late + dropped + lost at crash = produced, where only a frame that was never acknowledged, of an epoch
/// that did not end well, and not older than the memory window, may be lost.</remarks>
internal sealed class Verifier
{
    private readonly HostEvidence _evidence;
    private readonly List<Finding> _findings = [];
    private readonly Dictionary<FrameKey, AccountRun> _accounted = [];
    private readonly Dictionary<ulong, EpochEnd> _ends;
    private int _lost;
    private int _open;

    private Verifier(HostEvidence evidence)
    {
        _evidence = evidence;
        _ends = evidence.Ends.GroupBy(e => e.Epoch)
            .ToDictionary(g => g.Key, g => new EpochEnd(g.Key, g.Any(e => e.Killed), g.Any(e => e.SpoolRefused)));
    }

    /// <summary>Everything that is wrong with this host, and its balance.</summary>
    public static (HostTotals Totals, IReadOnlyList<Finding> Findings) Verify(HostEvidence evidence)
    {
        var verifier = new Verifier(evidence);
        verifier.CheckRuns();
        verifier.CheckFrames();
        if (evidence.StoredSamples is not null)
        {
            verifier.CheckSampleCounts(evidence.StoredSamples);
        }

        if (evidence.SequencePoints is not null)
        {
            verifier.CheckValues(evidence.SequencePoints);
        }

        return (verifier.Totals(), verifier._findings);
    }

    /// <summary>Of a damaged spool the agent knows which frames are gone at most, but neither their number for sure nor what was in them.</summary>
    private bool IsGuess(AccountRun run)
        => run.Reason == "dropped_spool_damaged" && _ends.TryGetValue(run.Epoch, out EpochEnd? end) && end.SpoolRefused;

    /// <summary>A frame can leave in the instant before its trace line is written: at a kill, one frame more than the trace has is possible.</summary>
    private bool MayHaveEscaped(FrameKey key)
        => _ends.TryGetValue(key.Epoch, out EpochEnd? end) && end.Killed
            && _evidence.Trace.Frames.ContainsKey(key with { Sequence = key.Sequence - 1 });

    private static bool IsStored(AccountRun run) => run.Outcome is RunOutcome.Present or RunOutcome.Late;

    private void CheckRuns()
    {
        foreach (AccountRun run in _evidence.Account.Where(r => r.FirstSequence > 0))
        {
            var produced = new List<TraceFrame>();
            for (ulong sequence = run.FirstSequence; sequence <= run.LastSequence; sequence++)
            {
                var key = new FrameKey(run.Epoch, sequence);
                if (_evidence.Trace.Frames.TryGetValue(key, out TraceFrame? frame))
                {
                    produced.Add(frame);
                }
                else if (!IsGuess(run) && !MayHaveEscaped(key))
                {
                    Report(FindingKind.NeverProduced, $"{key} stands in run {run}");
                }

                if (!_accounted.TryAdd(key, run))
                {
                    Report(FindingKind.StoredTwice, $"{key} stands in run {_accounted[key]} and in run {run}");
                }
            }

            if (produced.Count > 0 && !IsGuess(run))
            {
                CompareRun(run, produced);
            }
        }
    }

    private void CompareRun(AccountRun run, List<TraceFrame> produced)
    {
        long samples = produced.Sum(f => (long)f.Samples);
        bool agrees = run.Frames == (ulong)produced.Count && (IsStored(run)
            ? run.Samples == (ulong)samples && run.FirstUnixMs == produced[0].TimeUnixMs && run.LastUnixMs == produced[^1].TimeUnixMs
            : AgreesAsLoss(run, produced, samples));
        if (!agrees)
        {
            Report(FindingKind.RunDiffers, $"run {run}, {run.Samples} samples, {run.FirstUnixMs} to {run.LastUnixMs}; produced were " +
                $"{produced.Count} frames, {samples} samples, {produced[0].TimeUnixMs} to {produced[^1].TimeUnixMs}");
        }
    }

    /// <summary>The frames of a loss are exact. When some of them had arrived before, the aggregator shares the reported samples out evenly over the
    /// rest, and keeps the reported times: they must enclose the true ones.</summary>
    private bool AgreesAsLoss(AccountRun run, List<TraceFrame> produced, long samples)
        => Math.Abs((long)run.Samples - samples) <= samples / 10
            && (_evidence.ClockJumps || (run.FirstUnixMs <= produced[0].TimeUnixMs && run.LastUnixMs >= produced[^1].TimeUnixMs));

    private void CheckFrames()
    {
        Dictionary<ulong, ulong> lastOfEpoch = _evidence.Trace.Frames.Keys.GroupBy(f => f.Epoch).ToDictionary(g => g.Key, g => g.Max(f => f.Sequence));
        FrameKey newestAck = _evidence.Trace.Acknowledged.DefaultIfEmpty().Max();
        foreach (TraceFrame frame in _evidence.Trace.Frames.Values)
        {
            bool acknowledged = _evidence.Trace.Acknowledged.Contains(frame.Key);
            if (_accounted.TryGetValue(frame.Key, out AccountRun? run) && run.Outcome != RunOutcome.LostAtCrash)
            {
                if (acknowledged && !IsStored(run) && !(run.Reason == "refused" && _evidence.ClockJumps))
                {
                    Report(FindingKind.AcknowledgedLost, $"{frame.Key} at {frame.TimeUnixMs} was acknowledged, but stands in run {run}");
                }

                continue;
            }

            if (_evidence.Trace.ReportedLost.Contains(frame.Key))
            {
                Report(FindingKind.ReportForgotten, $"{frame.Key} at {frame.TimeUnixMs} was reported lost and is not in the account");
            }
            else if (acknowledged)
            {
                Report(FindingKind.AcknowledgedLost, $"{frame.Key} at {frame.TimeUnixMs} was acknowledged and is not in the account");
            }
            else if (frame.Epoch == _evidence.OpenEpoch && (frame.Key > newestAck || IsSpooled(frame.Key)))
            {
                _open++;
            }
            else
            {
                CheckLost(frame, lastOfEpoch[frame.Epoch]);
            }
        }
    }

    private bool IsSpooled(FrameKey key) => _evidence.Spooled.Any(first => first.Epoch == key.Epoch && first.Sequence <= key.Sequence);

    private void CheckLost(TraceFrame frame, ulong lastOfEpoch)
    {
        if (!_ends.TryGetValue(frame.Epoch, out EpochEnd? end) || !end.MayLose)
        {
            Report(FindingKind.Unaccounted, $"{frame.Key} at {frame.TimeUnixMs}: its agent was not killed and its spool was well");
            return;
        }

        _lost++;
        ulong newer = lastOfEpoch - frame.Sequence;
        if (!end.SpoolRefused && newer >= _evidence.MemoryWindowFrames)
        {
            Report(FindingKind.LostTooMuch, $"{frame.Key} at {frame.TimeUnixMs} was only in memory when its agent was killed, {newer} frames later");
        }
    }

    private void CheckSampleCounts(IReadOnlyDictionary<long, int> stored)
    {
        Dictionary<long, int> expected = StoredFrames().GroupBy(f => f.TimeUnixMs).ToDictionary(g => g.Key, g => g.Sum(f => f.Samples));
        foreach (long time in expected.Keys.Union(stored.Keys).Order())
        {
            int want = expected.GetValueOrDefault(time);
            int have = stored.GetValueOrDefault(time);
            if (have > want)
            {
                Report(want == 0 ? FindingKind.SamplesDiffer : FindingKind.StoredTwice, $"{have} samples stored at {time}, {want} were produced");
            }
            else if (have < want && !SharedInstant(time))
            {
                Report(FindingKind.SamplesDiffer, $"{have} samples stored at {time}, {want} were produced");
            }
        }
    }

    private void CheckValues(IReadOnlyList<StoredPoint> points)
    {
        ILookup<long, TraceFrame> frames = StoredFrames().ToLookup(f => f.TimeUnixMs);
        ILookup<long, StoredPoint> byTime = points.ToLookup(p => p.TimeUnixMs);
        foreach (IGrouping<long, TraceFrame> instant in frames)
        {
            var wanted = instant.Select(f => (double)f.Sequence).ToList();
            var have = byTime[instant.Key].Select(p => p.Value).ToList();
            if (have.Count == 0)
            {
                Report(FindingKind.SamplesDiffer, $"no value stored at {instant.Key} for frame {instant.First().Key}");
            }
            else if (have.Count > wanted.Count)
            {
                Report(FindingKind.StoredTwice, $"{have.Count} values stored at {instant.Key} for {wanted.Count} frame(s)");
            }
            else if (have.Exists(v => !wanted.Contains(v)))
            {
                Report(FindingKind.ValueDiffers, $"{string.Join(", ", have)} stored at {instant.Key}, sampled was {string.Join(" or ", wanted)}");
            }
        }

        foreach (IGrouping<long, StoredPoint> instant in byTime.Where(g => !frames.Contains(g.Key)))
        {
            Report(FindingKind.SamplesDiffer, $"value {instant.First().Value} stored at {instant.Key}, where no stored frame stands");
        }
    }

    private IEnumerable<TraceFrame> StoredFrames()
        => _evidence.Trace.Frames.Values.Where(f => _accounted.TryGetValue(f.Key, out AccountRun? run) && IsStored(run));

    /// <summary>After the wall clock was set back, or when a restart falls into the same instant, two frames share a time; the store then keeps
    /// one sample of a series.</summary>
    private bool SharedInstant(long time) => StoredFrames().Count(f => f.TimeUnixMs == time) > 1;

    private HostTotals Totals()
    {
        ILookup<RunOutcome, AccountRun> produced = _accounted.Where(a => _evidence.Trace.Frames.ContainsKey(a.Key)).ToLookup(a => a.Value.Outcome, a => a.Value);
        return new HostTotals(
            _evidence.Host,
            _evidence.Trace.Frames.Count,
            produced[RunOutcome.Present].Count(),
            produced[RunOutcome.Late].Count(),
            produced[RunOutcome.Dropped].Count(),
            _lost,
            _open,
            _evidence.Trace.Acknowledged.Count,
            StoredFrames().Sum(f => (long)f.Samples));
    }

    private void Report(FindingKind kind, string what) => _findings.Add(new Finding(kind, _evidence.Host, what));
}
