using HostAgent.Aggregator.Storage;

namespace HostAgent.Aggregator.Hosts;

/// <summary>A host in memory: who it is, whether it is connected, and the account of its frames. Thread-safe.</summary>
internal sealed class HostEntry
{
    private readonly Lock _gate = new();
    private readonly SortedDictionary<ulong, EpochState> _epochs = [];
    private readonly SortedDictionary<(ulong Epoch, ulong First), AccountInterval> _settled = [];
    private readonly Dictionary<(ulong Epoch, ulong Last), ulong> _settledByEnd = [];
    private readonly List<FrameRuns> _open = [];
    private readonly HashSet<ulong> _changedEpochs = [];
    private HostRecord _record;
    private bool _changed;
    private long _lastSeenUnixMs;
    private ulong _duplicates;
    private long _lastSampleUnixMs;
    private long _lastLiveArrivalUnixMs;
    private long _skewMs;
    private bool _live;
    private bool _backfill;
    private int _series;
    private long _newSeriesHour;
    private int _newSeries;
    private string? _refusal;
    private string? _duplicate;

    public HostEntry(HostRecord record) => (_record, _lastSeenUnixMs) = (record, record.LastSeenUnixMs);

    public string Id => _record.HostId;

    public string Name => _record.Name;

    /// <summary>Words for the operator when two machines use this identity; null: one does.</summary>
    public string? Duplicate { get => Volatile.Read(ref _duplicate); set => Volatile.Write(ref _duplicate, value); }

    /// <summary>Takes over what a backend held.</summary>
    public void Load(EpochRecord record)
    {
        lock (_gate)
        {
            EpochState epoch = Epoch(record.Epoch);
            epoch.Record = record;
            _changedEpochs.Remove(record.Epoch);
            if (record.FloorSequence > 1)
            {
                epoch.Seen.AddRange(1, record.FloorSequence - 1);
            }
        }
    }

    /// <inheritdoc cref="Load(EpochRecord)"/>
    public void Load(AccountRecord record)
    {
        lock (_gate)
        {
            var run = new AccountInterval(
                record.Epoch, (FrameOutcome)record.Outcome, record.FirstSequence, record.LastSequence, record.FirstUnixMs, record.LastUnixMs,
                record.LastSequence - record.FirstSequence + 1, record.Samples);
            Keep(run);
            Epoch(run.Epoch).Seen.AddRange(run.FirstSequence, run.LastSequence);
            _lastSampleUnixMs = Math.Max(_lastSampleUnixMs, run.LastUnixMs);
        }
    }

    /// <summary>A lane says Hello.</summary>
    public void Hello(HostRecord said, long skewMs)
    {
        lock (_gate)
        {
            _record = said with { FirstSeenUnixMs = _record.FirstSeenUnixMs, Epoch = Math.Max(said.Epoch, _record.Epoch) };
            (_skewMs, _changed) = (skewMs, true);
            _lastSeenUnixMs = Math.Max(_lastSeenUnixMs, said.LastSeenUnixMs);
            Epoch(said.Epoch);
        }
    }

    /// <summary>The agent reports the end of an earlier epoch.</summary>
    public void EndEpoch(ulong number, ulong lastSequence, bool clean)
    {
        lock (_gate)
        {
            EpochState epoch = Epoch(number);
            EpochRecord ended = epoch.Record with { Ended = true, Clean = clean, LastSequence = lastSequence };
            if (ended != epoch.Record)
            {
                epoch.Record = ended;
                _changedEpochs.Add(number);
            }
        }
    }

    /// <summary>Begins the account of a section.</summary>
    public FrameRuns OpenRuns()
    {
        var runs = new FrameRuns();
        lock (_gate)
        {
            _open.Add(runs);
        }

        return runs;
    }

    /// <summary>Counts a frame in, unless its sequence is accounted for already (false; then it is counted as a duplicate).</summary>
    public bool TryAccept(FrameRuns runs, ulong epoch, FrameOutcome outcome, ulong sequence, long timeUnixMs, int samples)
    {
        lock (_gate)
        {
            if (!Epoch(epoch).Seen.Add(sequence))
            {
                _duplicates++;
                return false;
            }

            runs.Add(epoch, outcome, sequence, timeUnixMs, samples);
            if (outcome != FrameOutcome.Refused)
            {
                _lastSampleUnixMs = Math.Max(_lastSampleUnixMs, timeUnixMs);
            }

            return true;
        }
    }

    /// <summary>Counts a frame that the journal says was accepted before a restart.</summary>
    public void Replay(FrameRuns runs, ulong epoch, FrameOutcome outcome, ulong sequence, long timeUnixMs, int samples)
    {
        lock (_gate)
        {
            Epoch(epoch).Seen.Add(sequence);
            runs.Add(epoch, outcome, sequence, timeUnixMs, samples);
            _lastSampleUnixMs = outcome == FrameOutcome.Refused ? _lastSampleUnixMs : Math.Max(_lastSampleUnixMs, timeUnixMs);
        }
    }

    /// <summary>Counts a loss that the agent reports: those of its sequences that are not accounted for yet. Of a loss that has partly arrived,
    /// the parts share the samples evenly, and each lies between the times of the stored frames beside it.</summary>
    public List<AccountInterval> AcceptLoss(FrameRuns runs, AccountInterval loss)
    {
        lock (_gate)
        {
            EpochState epoch = Epoch(loss.Epoch);
            var accepted = new List<AccountInterval>();
            foreach ((ulong first, ulong last) in epoch.Seen.Missing(loss.FirstSequence, loss.LastSequence))
            {
                ulong frames = last - first + 1;
                ulong samples = (ulong)((UInt128)loss.Samples * frames / loss.Frames);
                AccountInterval part = loss with { FirstSequence = first, LastSequence = last, Frames = frames, Samples = samples };
                accepted.Add(frames == loss.Frames ? part : AccountRules.Between(part, _settled.Values.Concat(_open.SelectMany(static r => r.All))));
            }

            epoch.Seen.AddRange(loss.FirstSequence, loss.LastSequence);
            accepted.ForEach(runs.Add);
            return accepted;
        }
    }

    /// <summary>The section of these runs is sealed: they join the account for good. Returns the rows to store.</summary>
    public List<AccountRecord> Settle(FrameRuns runs, long nowUnixMs)
    {
        lock (_gate)
        {
            _open.Remove(runs);
            var changed = new Dictionary<(ulong, ulong), AccountInterval>();
            foreach (AccountInterval run in runs.All)
            {
                AccountInterval settled = Join(run);
                changed[(settled.Epoch, settled.FirstSequence)] = settled;
            }

            (_lastSeenUnixMs, _changed) = (Math.Max(_lastSeenUnixMs, nowUnixMs), true);
            return [.. changed.Values.Select(r => new AccountRecord(
                Id, r.Epoch, (byte)r.Outcome, r.FirstSequence, r.LastSequence, r.FirstUnixMs, r.LastUnixMs, r.Samples))];
        }
    }

    /// <summary>Something arrived.</summary>
    public void Heard(long nowUnixMs, bool live)
    {
        lock (_gate)
        {
            _lastSeenUnixMs = Math.Max(_lastSeenUnixMs, nowUnixMs);
            _lastLiveArrivalUnixMs = live ? nowUnixMs : _lastLiveArrivalUnixMs;
        }
    }

    public void SetLane(bool live, bool connected)
    {
        lock (_gate)
        {
            (_live, _backfill) = live ? (connected, _backfill) : (_live, connected);
        }
    }

    /// <summary>The number of series that the host sends changed by so many.</summary>
    public void AddSeries(int change) => Interlocked.Add(ref _series, change);

    /// <summary>Series that the host sends now, all lanes.</summary>
    public int SeriesCount => Volatile.Read(ref _series);

    /// <summary>Counts a series that did not exist before; false when there were more than <paramref name="limit"/> within the hour.</summary>
    public bool MayBringIn(long nowUnixMs, int limit)
    {
        lock (_gate)
        {
            long hour = nowUnixMs / 3_600_000;
            (_newSeriesHour, _newSeries) = hour == _newSeriesHour ? (hour, _newSeries + 1) : (hour, 1);
            return _newSeries <= limit;
        }
    }

    public void Refused(string reason) => Volatile.Write(ref _refusal, reason);

    /// <summary>Moves what changed since the last call into a transaction.</summary>
    public void DrainChanged(StorageTransaction transaction)
    {
        lock (_gate)
        {
            if (_changed)
            {
                transaction.Hosts.Add(_record with { LastSeenUnixMs = _lastSeenUnixMs });
                _changed = false;
            }

            foreach (ulong number in _changedEpochs)
            {
                transaction.Epochs.Add(_epochs[number].Record);
            }

            _changedEpochs.Clear();
        }
    }

    /// <summary>Retention: forgets runs that end before <paramref name="unixMs"/>, but not that their sequences were seen.</summary>
    public void ForgetBefore(long unixMs)
    {
        lock (_gate)
        {
            foreach (AccountInterval run in _settled.Values.Where(r => r.LastUnixMs < unixMs).ToArray())
            {
                _settled.Remove((run.Epoch, run.FirstSequence));
                _settledByEnd.Remove((run.Epoch, run.LastSequence));
                EpochState epoch = _epochs[run.Epoch];
                epoch.Record = epoch.Record with { FloorSequence = Math.Max(epoch.Record.FloorSequence, run.LastSequence + 1) };
                epoch.Seen.AddRange(1, run.LastSequence);
                _changedEpochs.Add(run.Epoch);
            }
        }
    }

    public HostView View(HostOptions options, long nowUnixMs)
    {
        lock (_gate)
        {
            bool fresh = _live && nowUnixMs - _lastLiveArrivalUnixMs <= options.StaleAfter.TotalMilliseconds;
            bool heard = nowUnixMs - _lastSeenUnixMs < options.DownAfter.TotalMilliseconds;
            return new HostView
            {
                Id = Id,
                Name = _record.Name,
                Labels = _record.Labels,
                AgentVersion = _record.AgentVersion,
                BootId = _record.BootId,
                Epoch = _record.Epoch,
                FirstSeenUnixMs = _record.FirstSeenUnixMs,
                LastSeenUnixMs = _lastSeenUnixMs,
                LastSampleUnixMs = _lastSampleUnixMs,
                Liveness = fresh ? Liveness.Up : heard ? Liveness.Stale : Liveness.Down,
                ClockSkewMs = _skewMs,
                LiveLaneConnected = _live,
                BackfillLaneConnected = _backfill,
                SeriesCount = SeriesCount,
                LastRefusal = Volatile.Read(ref _refusal),
                Duplicate = Duplicate,
            };
        }
    }

    public HostAccount Account(long fromUnixMs, long toUnixMs)
    {
        lock (_gate)
        {
            List<AccountInterval> all = AccountRules.Join(_settled.Values.Concat(_open.SelectMany(static r => r.All)));
            var epochs = _epochs.Values.ToList();
            return new HostAccount
            {
                HostId = Id,
                Intervals = [.. AccountRules.WithCrashes(all, epochs).Where(i => i.FirstUnixMs <= toUnixMs && i.LastUnixMs >= fromUnixMs)],
                Missing = AccountRules.Missing(all, epochs, fromUnixMs, toUnixMs),
                DuplicateFrames = _duplicates,
            };
        }
    }

    private AccountInterval Join(AccountInterval run)
    {
        // A run that goes on where an earlier one ended makes that one longer; its key, the first sequence, stays.
        if (_settledByEnd.Remove((run.Epoch, run.FirstSequence - 1), out ulong first))
        {
            AccountInterval earlier = _settled[(run.Epoch, first)];
            if (FrameRuns.CanJoin(earlier, run))
            {
                run = AccountRules.Join(earlier, run);
            }
            else
            {
                _settledByEnd[(run.Epoch, run.FirstSequence - 1)] = first;
            }
        }

        Keep(run);
        return run;
    }

    private void Keep(AccountInterval run)
    {
        _settled[(run.Epoch, run.FirstSequence)] = run;
        _settledByEnd[(run.Epoch, run.LastSequence)] = run.FirstSequence;
    }

    private EpochState Epoch(ulong number)
    {
        if (!_epochs.TryGetValue(number, out EpochState? state))
        {
            _epochs[number] = state = new EpochState(new EpochRecord(Id, number, false, false, 0, 0));
            _changedEpochs.Add(number);
        }

        return state;
    }
}
