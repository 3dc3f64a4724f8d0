using System.Threading.Channels;
using HostAgent.Aggregator.Hosts;
using HostAgent.Aggregator.Storage.Head;
using HostAgent.Protos.Frames;
using HostAgent.V1;

namespace HostAgent.Aggregator.Ingest;

/// <summary>One call of one lane, from Hello to its end: takes each batch through the stages, in this order:
/// limit, announce (resolve), then frame by frame decode, judge, de-duplicate, append; then journal. The commit and the ack follow on
/// their own (<see cref="CommitLoop"/>).</summary>
internal sealed class LaneSession : IDisposable
{
    private readonly Lock _gate = new();
    private readonly IngestPipeline _pipeline;
    private readonly LaneTables _tables;
    private readonly FrameBudget? _budget;
    private readonly FrameJudge _judge;
    private readonly CancellationTokenSource _ended = new();
    private readonly Channel<Ack> _acks = Channel.CreateBounded<Ack>(
        new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropOldest, SingleReader = true });

    private readonly TaskCompletionSource _allDurable = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly List<(int Count, FrameOutcome Outcome)> _runs = [];
    private LaneSection? _section;
    private int _sections;
    private int _inFlight;
    private bool _closed;

    public LaneSession(IngestPipeline pipeline, HostEntry host, Hello hello, FrameJudge judge, AnnouncementRules rules)
    {
        (_pipeline, Host, Hello, _judge) = (pipeline, host, hello, judge);
        _tables = new LaneTables(pipeline.Store, host, hello, rules, pipeline.Options);
        _budget = IsLive ? new FrameBudget(pipeline.Options.MaxLiveFramesPerSecond) : null;
    }

    public HostEntry Host { get; }

    public Hello Hello { get; }

    public bool IsLive => Hello.Lane == Lane.Live;

    /// <summary>Cancelled when the call has to end for a reason of its own, see <see cref="EndReason"/>.</summary>
    public CancellationToken Ended => _ended.Token;

    /// <summary>Why the call has to end; null while it need not.</summary>
    public RefusalException? EndReason { get; private set; }

    /// <summary>What is durable, newest only. Completed when the lane is closed and all it sent is durable.</summary>
    public ChannelReader<Ack> Acks => _acks.Reader;

    /// <summary>Completes when the lane is closed and all it sent is durable, whether or not that has been read from <see cref="Acks"/>.</summary>
    public Task AllDurable => _allDurable.Task;

    /// <summary>Entries received that are not durable yet.</summary>
    public int InFlight => Volatile.Read(ref _inFlight);

    /// <summary>Takes a batch through the stages. When it returns, the batch is on its way to the journal.</summary>
    /// <exception cref="RefusalException">The batch breaks a rule or a limit; what came before the breach is kept, the call must end.</exception>
    public void Accept(Batch batch)
    {
        lock (_gate)
        {
            if (EndReason is { } reason)
            {
                throw reason;
            }

            long now = _pipeline.NowUnixMs;
            Limit(batch, now);
            try
            {
                Announce(batch, now);
                AppendEntries(batch, now);
            }
            catch (FrameFormatException e)
            {
                throw RefusalException.Invalid("frame_format", e.Message);
            }

            Host.Heard(now, IsLive && batch.Entries.Count > 0);
        }
    }

    /// <summary>Seals the open section when it is older than <see cref="IngestOptions.SectionAge"/>: a silent lane must not hold journal rows.</summary>
    public void SealIfOld(long nowUnixMs)
    {
        lock (_gate)
        {
            if (_section is { } section && nowUnixMs - section.OpenedUnixMs >= _pipeline.Options.SectionAge.TotalMilliseconds)
            {
                Seal();
            }
        }
    }

    /// <summary>Asks the call to end.</summary>
    public void End(RefusalException reason)
    {
        lock (_gate)
        {
            EndReason ??= reason;
        }

        try
        {
            _ended.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // It has ended by itself meanwhile.
        }
    }

    /// <summary>Up to this entry all is durable. Called by the commit loop.</summary>
    public void Durable(in PendingAck ack)
    {
        _acks.Writer.TryWrite(new Ack { Epoch = ack.Epoch, Sequence = ack.Sequence });
        if (Interlocked.Add(ref _inFlight, -ack.Entries) == 0 && Volatile.Read(ref _closed))
        {
            _acks.Writer.TryComplete();
            _allDurable.TrySetResult();
        }
    }

    /// <summary>No more batches will come. Acks go on until all is durable.</summary>
    public void Close()
    {
        lock (_gate)
        {
            if (_closed)
            {
                return;
            }

            if (_section is { } section)
            {
                _pipeline.Abandon(Host, section);
                _section = null;
            }

            _tables.Reset();
            Volatile.Write(ref _closed, true);
        }

        if (InFlight == 0)
        {
            _acks.Writer.TryComplete();
            _allDurable.TrySetResult();
        }
    }

    public void Dispose() => _ended.Dispose();

    private void Limit(Batch batch, long now)
    {
        IngestOptions options = _pipeline.Options;
        if (batch.Entries.Count > options.MaxEntriesPerBatch)
        {
            throw RefusalException.OverLimit("batch_entries", $"a batch has {batch.Entries.Count} entries, the limit is {options.MaxEntriesPerBatch}");
        }

        if (batch.Entries.Count > 0 && batch.Epoch is 0 or > long.MaxValue)
        {
            throw RefusalException.Invalid("epoch", "a batch with entries has no epoch");
        }

        if (Interlocked.Add(ref _inFlight, batch.Entries.Count) > options.WindowFrames * 4 && batch.Entries.Count < InFlight)
        {
            throw RefusalException.OverLimit("window", $"{InFlight} frames are unacknowledged, the window is {options.WindowFrames}");
        }

        if (_budget is not null && !_budget.TryTake(batch.Entries.Count, now))
        {
            throw RefusalException.OverLimit("frame_rate", $"more than {options.MaxLiveFramesPerSecond} frames per second on the live lane");
        }
    }

    private void Announce(Batch batch, long now)
    {
        if (batch.Reset)
        {
            Seal();
            _tables.Reset();
        }

        _section ??= OpenSection(batch.Epoch, now);
        _tables.Announce(batch, _section.Head, now);
    }

    private void AppendEntries(Batch batch, long now)
    {
        int start = 0;
        int done = 0;
        bool announces = true; // until they are journalled: a section that begins within the batch has them in its baseline
        try
        {
            for (; done < batch.Entries.Count; done++)
            {
                Entry entry = batch.Entries[done];
                if (entry.KindCase == Entry.KindOneofCase.Frame && _section!.IsFullFor(entry.Frame.TimeUnixMs))
                {
                    Journal(batch, start, done, announces);
                    (start, announces) = (done, false);
                    Seal();
                    _section = OpenSection(batch.Epoch, now);
                }

                Count(Append(batch.Epoch, entry, now));
            }
        }
        finally
        {
            // Also when an entry is refused: what was counted before it must become durable, or its sequences would be taken for duplicates.
            Journal(batch, start, done, announces);
        }
    }

    private FrameOutcome Append(ulong epoch, Entry entry, long now)
    {
        if (entry.KindCase == Entry.KindOneofCase.Loss)
        {
            AccountInterval loss = FrameJudge.Judge(epoch, entry.Loss);
            Host.AcceptLoss(_section!.Runs, loss);
            return loss.Outcome;
        }

        if (entry.KindCase != Entry.KindOneofCase.Frame || entry.Frame.Sequence is 0 or > long.MaxValue)
        {
            throw RefusalException.Invalid("entry", "an entry is neither a frame with a sequence nor a loss");
        }

        Frame frame = entry.Frame;
        DecodedFrame decoded = _tables.Decoder.Decode(frame.Body.Span);
        FrameOutcome outcome = _judge.Judge(frame.TimeUnixMs, now, IsLive, out string? refusal);
        if (!Host.TryAccept(_section!.Runs, epoch, outcome, frame.Sequence, frame.TimeUnixMs, decoded.Count))
        {
            _pipeline.Meters.Duplicates.Increment();
            return 0;
        }

        if (refusal is not null)
        {
            _pipeline.Refused(Host, "frame_time", refusal);
            return outcome;
        }

        _section.Head.Append(frame.TimeUnixMs, decoded.Groups, decoded.Series, decoded.Raw);
        _section.Appended(frame.TimeUnixMs);
        _pipeline.Meters.Frame(outcome, decoded.Count);
        return outcome;
    }

    private void Count(FrameOutcome outcome)
    {
        if (_runs.Count > 0 && _runs[^1].Outcome == outcome)
        {
            _runs[^1] = (_runs[^1].Count + 1, outcome);
        }
        else
        {
            _runs.Add((1, outcome));
        }
    }

    private void Journal(Batch batch, int from, int to, bool announces)
    {
        if (to == from && (!announces || batch.CalculateSize() == 0))
        {
            return;
        }

        Batch part = announces && from == 0 && to == batch.Entries.Count ? batch : Part(batch, from, to, announces);
        PendingAck? ack = to > from ? Ack(batch, to - 1, to - from) : null;
        _pipeline.Queue.Append(_section!.Number, part, _runs, ack);
        _runs.Clear();
    }

    private static Batch Part(Batch batch, int from, int to, bool announces)
    {
        Batch part = announces ? batch.Clone() : new Batch { Epoch = batch.Epoch };
        part.Entries.Clear();
        part.Entries.AddRange(batch.Entries.Skip(from).Take(to - from));
        return part;
    }

    private PendingAck Ack(Batch batch, int index, int entries)
    {
        Entry last = batch.Entries[index];
        return new PendingAck(this, batch.Epoch, last.KindCase == Entry.KindOneofCase.Frame ? last.Frame.Sequence : last.Loss.LastSequence, entries);
    }

    private LaneSection OpenSection(ulong epoch, long now)
    {
        var head = new HeadSection();
        _tables.DefineIn(head);
        int most = _pipeline.Options.SectionTicks;
        int ticks = _sections++ == 0 ? Math.Max(1, (most / 4) + (int)((uint)StringComparer.Ordinal.GetHashCode(Hello.HostId) % (uint)most)) : most;
        long number = _pipeline.Queue.OpenSection(Hello, _tables.IsEmpty ? new Batch() : _tables.Baseline(epoch));
        return new LaneSection(number, head, Host.OpenRuns(), now, ticks);
    }

    private void Seal()
    {
        if (_section is { } section)
        {
            _pipeline.Seal(Host, section);
            _section = null;
        }
    }
}
