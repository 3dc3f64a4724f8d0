using System.Collections.Concurrent;
using HostAgent.Aggregator.Hosts;
using HostAgent.Aggregator.Metrics;
using HostAgent.Aggregator.Storage;
using HostAgent.V1;
using Microsoft.Extensions.Logging.Abstractions;

namespace HostAgent.Aggregator.Ingest;

/// <summary>Everything between an agent's stream and the store. The stages of a batch stand in <see cref="LaneSession"/>, the commit in
/// <see cref="CommitLoop"/>, the way back after a restart in <see cref="JournalReplay"/>.</summary>
public sealed class IngestPipeline : IAsyncDisposable
{
    // Sections of lanes that are gone are sealed a few per commit: a thousand agents that disconnect together hold nobody up.
    private const int AbandonedPerCommit = 10;
    private const long SweepIntervalMs = 5_000;

    private readonly HostDirectory _hosts;
    private readonly TimeProvider _time;
    private readonly LaneRegistry _lanes;
    private readonly ConcurrentQueue<(HostEntry Host, LaneSection Section)> _abandoned = new();
    private readonly AnnouncementRules _rules;
    private readonly CommitLoop _loop;
    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentDictionary<(string Host, string Reason), long> _logged = new();
    private readonly ConcurrentDictionary<string, bool> _duplicated = new(StringComparer.Ordinal);
    private Task _running = Task.CompletedTask;
    private Task _retaining = Task.CompletedTask;
    private string _detail = "not started";
    private int _damagedRows;
    private long _sweptUnixMs;

    /// <param name="store">Where samples go.</param>
    /// <param name="hosts">Where hosts and their account go.</param>
    /// <param name="options">Limits and batching.</param>
    /// <param name="metrics">Where the pipeline counts.</param>
    /// <param name="time">The aggregator's clock.</param>
    /// <param name="log">Null for none.</param>
    public IngestPipeline(
        SampleStore store, HostDirectory hosts, IngestOptions options, MetricRegistry metrics, TimeProvider time, ILogger<IngestPipeline>? log = null)
    {
        _lanes = new LaneRegistry(time);
        (Store, _hosts, Options, _time, Log) = (store, hosts, options, time, log ?? (ILogger)NullLogger.Instance);
        (Meters, Queue, _rules) = (new IngestMeters(metrics), new CommitQueue(options.MaxPendingBytes), new AnnouncementRules(options));
        _loop = new CommitLoop(store, hosts, Queue, Meters, options, time, Log) { Tick = Tick };
        Meters.Watch(this);
    }

    /// <summary>Calls open now.</summary>
    public int LaneCount => _lanes.Count;

    internal SampleStore Store { get; }

    internal IngestOptions Options { get; }

    internal CommitQueue Queue { get; }

    internal IngestMeters Meters { get; }

    internal ILogger Log { get; }

    internal long NowUnixMs => _time.GetUtcNow().ToUnixTimeMilliseconds();

    /// <summary>Rebuilds the head from the journal, then begins to commit. Call once, before the first lane opens. Throws
    /// <see cref="StorageException"/> when the journal cannot be read.</summary>
    public void Start()
    {
        long start = _time.GetTimestamp();
        var replay = new JournalReplay(this, _hosts, _rules);
        replay.Run().ForEach(_abandoned.Enqueue);
        double seconds = _time.GetElapsedTime(start).TotalSeconds;
        IngestLog.Replayed(Log, Store.Description, Store.SeriesCount, replay.Rows, replay.Samples, seconds);
        _damagedRows = replay.Damaged;
        _detail = replay.Damaged == 0 ? "ok" : $"{replay.Damaged} damaged journal rows at the start: what they held is lost";
        _running = Task.Run(() => _loop.RunAsync(_stop.Token));
        _retaining = Options.Retention is { } keep ? Task.Run(() => RetainAsync(keep)) : Task.CompletedTask;
    }

    /// <summary>Whether what arrives becomes durable.</summary>
    public IngestHealth Health() => _loop.Health(_detail, _damagedRows);

    /// <summary>Ends every call, commits what is pending and stops.</summary>
    public async Task StopAsync()
    {
        foreach (LaneSession lane in _lanes.All())
        {
            lane.End(new RefusalException(RefusalKind.Unavailable, "stopping", "the aggregator is going down"));
        }

        await _stop.CancelAsync();
        await Task.WhenAll(_running, _retaining);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _stop.Dispose();
        Queue.Dispose();
    }

    /// <summary>A lane says Hello.</summary>
    /// <exception cref="RefusalException">It is malformed, or a newer run of the same agent is connected.</exception>
    internal LaneSession Open(Hello hello)
    {
        _rules.Check(hello);
        HostRecord said = HostRecordOf(hello, _rules.HostLabels(hello));
        long skew = hello.SentUnixMs == 0 ? 0 : hello.SentUnixMs - NowUnixMs;
        HostEntry host = _hosts.GetOrAdd(said);
        var lane = new LaneSession(this, host, hello, new FrameJudge(Options, skew), _rules);
        try
        {
            _lanes.Add(lane);
        }
        catch (RefusalException e)
        {
            host.Refused(e.Message);
            lane.Dispose();
            MarkDuplicates();
            throw;
        }

        MarkDuplicates();

        host.Hello(said, skew);
        foreach (EpochEnd end in hello.EndedEpochs)
        {
            host.EndEpoch(end.Epoch, Math.Min(end.LastSequence, long.MaxValue), end.Clean);
        }

        host.SetLane(lane.IsLive, connected: true);
        IngestLog.LaneOpened(Log, said.Name, said.HostId, lane.IsLive ? "live" : "backfill", said.AgentVersion, said.Epoch, skew);
        Queue.Wake();
        return lane;
    }

    /// <summary>The call is over, or will send no more.</summary>
    internal void Close(LaneSession lane)
    {
        lane.Close();
        if (_lanes.Remove(lane))
        {
            lane.Host.SetLane(lane.IsLive, connected: false);
        }
    }

    /// <summary>Counts a refusal, and logs it unless the same host was refused for the same reason within the last minute.</summary>
    internal void Refused(HostEntry host, string reason, string message)
    {
        Meters.Refused(reason);
        host.Refused(message);
        long now = NowUnixMs;
        long last = _logged.GetOrAdd((host.Id, reason), 0);
        if (now - last >= 60_000 && _logged.TryUpdate((host.Id, reason), now, last))
        {
            IngestLog.Refused(Log, host.Name, host.Id, reason, message);
        }
    }

    /// <summary>Counts a call that was refused at its Hello.</summary>
    internal void RefusedCall(RefusalException refusal)
    {
        Meters.Refused(refusal.Reason);
        IngestLog.RefusedCall(Log, refusal.Reason, refusal.Message);
    }

    /// <summary>Waits while more is pending than <see cref="IngestOptions.MaxPendingBytes"/>.</summary>
    internal ValueTask WaitForRoomAsync(CancellationToken cancellation) => Queue.WaitForRoomAsync(cancellation);

    /// <summary>Turns a section into chunks that go with the next commit.</summary>
    internal void Seal(HostEntry host, LaneSection section)
        => Queue.Seal(new SectionSeal(section.Number, section.Head, section.Head.Seal(), []), () => host.Settle(section.Runs, NowUnixMs));

    /// <summary>A section whose lane is gone: sealed soon.</summary>
    internal void Abandon(HostEntry host, LaneSection section) => _abandoned.Enqueue((host, section));

    internal HostRecord HostRecordOf(Hello hello, LabelSet labels)
        => new(hello.HostId, hello.HostName, labels, hello.AgentVersion, hello.BootId, hello.Epoch, NowUnixMs, NowUnixMs);

    private void Tick()
    {
        if (_stop.IsCancellationRequested)
        {
            return;
        }

        for (int i = 0; i < AbandonedPerCommit && _abandoned.TryDequeue(out (HostEntry Host, LaneSection Section) gone); i++)
        {
            Seal(gone.Host, gone.Section);
        }

        long now = NowUnixMs;
        if (Math.Abs(now - _sweptUnixMs) >= SweepIntervalMs)
        {
            _sweptUnixMs = now;
            _lanes.All().ForEach(lane => lane.SealIfOld(now));
            MarkDuplicates();
        }
    }

    // Says so once when it is found, and once when it is over.
    private void MarkDuplicates()
    {
        Dictionary<string, string> duplicates = _lanes.Duplicates();
        if (duplicates.Count == 0 && _duplicated.IsEmpty)
        {
            return;
        }

        foreach ((string hostId, string what) in duplicates)
        {
            _hosts.MarkDuplicate(hostId, what);
            if (_duplicated.TryAdd(hostId, true))
            {
                IngestLog.Duplicate(Log, what);
            }
        }

        foreach (string hostId in _duplicated.Keys.Where(id => !duplicates.ContainsKey(id)))
        {
            _hosts.MarkDuplicate(hostId, null);
            if (_duplicated.TryRemove(hostId, out _))
            {
                IngestLog.DuplicateOver(Log, hostId);
            }
        }
    }

    private async Task RetainAsync(TimeSpan keep)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromHours(1), _time);
        try
        {
            while (await timer.WaitForNextTickAsync(_stop.Token))
            {
                Retain(_time.GetUtcNow() - keep);
            }
        }
        catch (OperationCanceledException)
        {
            // Stopping.
        }
    }

    private void Retain(DateTimeOffset before)
    {
        try
        {
            _hosts.ForgetBefore(before.ToUnixTimeMilliseconds());
            Queue.Wake();
            long deleted = Store.DeleteBefore(before.ToUnixTimeMilliseconds(), _stop.Token);
            IngestLog.Retained(Log, deleted, before);
        }
        catch (StorageException e)
        {
            IngestLog.RetentionFailed(Log, e);
        }
    }
}
