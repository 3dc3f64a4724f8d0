using HostAgent.Aggregator.Hosts;
using HostAgent.Aggregator.Storage;

namespace HostAgent.Aggregator.Ingest;

/// <summary>The commit stage: makes durable, in one transaction, all that arrived since the last one began; then acknowledges. A failed commit is
/// tried again as it is until it succeeds; meanwhile nothing is acknowledged.</summary>
internal sealed class CommitLoop(SampleStore store, HostDirectory hosts, CommitQueue queue, IngestMeters meters, IngestOptions options, TimeProvider time, ILogger logger)
{
    private static readonly TimeSpan IdleWait = TimeSpan.FromSeconds(1);

    private readonly long _startedUnixMs = time.GetUtcNow().ToUnixTimeMilliseconds();
    private volatile string? _failure;
    private long _failedSinceUnixMs;
    private long _recoveredUnixMs;
    private long _lastCommitUnixMs;
    private long _deletedBelow;

    /// <summary>Called before each commit, and at least once a second: may seal sections that are due.</summary>
    public Action? Tick { get; set; }

    public IngestHealth Health(string detail, int damagedRows) => _failure is { } failure
        ? new IngestHealth(true, failure, Volatile.Read(ref _failedSinceUnixMs), Volatile.Read(ref _lastCommitUnixMs), damagedRows)
        : new IngestHealth(false, detail, Math.Max(_startedUnixMs, Volatile.Read(ref _recoveredUnixMs)), Volatile.Read(ref _lastCommitUnixMs), damagedRows);

    /// <summary>Runs until cancelled; then commits what is pending, if the store lets it.</summary>
    public async Task RunAsync(CancellationToken cancellation)
    {
        long last = time.GetTimestamp() - time.TimestampFrequency;
        while (!cancellation.IsCancellationRequested)
        {
            try
            {
                await queue.WaitAsync(IdleWait, cancellation);
                TimeSpan early = options.CommitInterval - time.GetElapsedTime(last);
                if (early > TimeSpan.Zero)
                {
                    await Task.Delay(early, time, cancellation);
                }
            }
            catch (OperationCanceledException)
            {
                break;
            }

            last = time.GetTimestamp();
            RunTick();
            await CommitAsync(cancellation);
        }

        await CommitAsync(new CancellationToken(canceled: true));
    }

    private async Task CommitAsync(CancellationToken cancellation)
    {
        CommitBatch batch = queue.Take();
        StorageTransaction transaction = Transaction(batch);
        TimeSpan delay = options.MinRetryDelay;
        while (!transaction.IsEmpty && !TryCommit(transaction))
        {
            try
            {
                await Task.Delay(delay, time, cancellation);
            }
            catch (OperationCanceledException)
            {
                return; // not acknowledged, so not lost: the agents send it again
            }

            delay = delay * 2 < options.MaxRetryDelay ? delay * 2 : options.MaxRetryDelay;
        }

        foreach (SectionSeal seal in batch.Seals)
        {
            seal.Head.Forget();
        }

        foreach (PendingAck ack in batch.Acks)
        {
            ack.Lane.Durable(ack);
        }

        queue.Return(batch);
    }

    private void RunTick()
    {
        try
        {
            Tick?.Invoke();
        }
#pragma warning disable CA1031 // sealing can wait; commits cannot
        catch (Exception e)
#pragma warning restore CA1031
        {
            IngestLog.TickFailed(logger, e);
        }
    }

    private StorageTransaction Transaction(CommitBatch batch)
    {
        var transaction = new StorageTransaction();
        foreach (SectionSeal seal in batch.Seals)
        {
            transaction.Chunks.AddRange(seal.Chunks);
            transaction.Account.AddRange(seal.Account);
        }

        if (!batch.Row.IsEmpty)
        {
            transaction.Journal = new JournalRow(batch.RowId, batch.Row.Finish());
        }

        if (batch.Seals.Count > 0 && batch.OldestRowInUse > _deletedBelow)
        {
            transaction.DeleteJournalBelow = _deletedBelow = batch.OldestRowInUse;
        }

        store.DrainNew(transaction);
        hosts.DrainChanged(transaction);
        return transaction;
    }

    private bool TryCommit(StorageTransaction transaction)
    {
        long start = time.GetTimestamp();
        try
        {
            store.Backend.Commit(transaction);
        }
#pragma warning disable CA1031 // whatever it is: without a commit there is no ack, and health has to say so instead of a loop that silently ended
        catch (Exception e)
#pragma warning restore CA1031
        {
            meters.FailedCommits.Increment();
            if (_failure is null)
            {
                Volatile.Write(ref _failedSinceUnixMs, time.GetUtcNow().ToUnixTimeMilliseconds());
            }

            if (_failure != e.Message)
            {
                _failure = e.Message;
                IngestLog.CommitFailed(logger, e.Message, e);
            }

            return false;
        }

        long now = time.GetUtcNow().ToUnixTimeMilliseconds();
        if (_failure is not null)
        {
            _failure = null;
            IngestLog.CommitsRecovered(logger, (now - _failedSinceUnixMs) / 1000.0);
            Volatile.Write(ref _recoveredUnixMs, now);
        }

        Volatile.Write(ref _lastCommitUnixMs, now);
        meters.Commits.Increment();
        meters.CommitSeconds.Observe(time.GetElapsedTime(start).TotalSeconds);
        meters.JournalBytes.Add(transaction.Journal?.Body.Length ?? 0);
        meters.SealedChunks.Add(transaction.Chunks.Count);
        return true;
    }
}
