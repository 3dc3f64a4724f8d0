using HostAgent.Aggregator.Hosts;
using HostAgent.Aggregator.Storage;
using HostAgent.V1;

namespace HostAgent.Aggregator.Ingest;

/// <summary>What arrived since the last commit began. Lanes append, the commit loop takes it all at once. Thread-safe.</summary>
internal sealed class CommitQueue(int maxPendingBytes) : IDisposable
{
    private readonly Lock _gate = new();
    private readonly SemaphoreSlim _arrived = new(0, 1);
    private readonly SortedSet<(long FirstRow, long Section)> _openSections = [];
    private readonly Dictionary<long, long> _firstRows = [];
    private CommitBatch _pending = new();
    private CommitBatch _spare = new();
    private TaskCompletionSource? _room;
    private long _nextRow = 1;
    private long _nextSection = 1;

    /// <summary>Journal bytes that wait.</summary>
    public int PendingBytes => _pending.Row.Length;

    /// <summary>Continues the numbering of an existing journal.</summary>
    public void StartAfter(long lastRow, long lastSection)
    {
        lock (_gate)
        {
            (_nextRow, _nextSection) = (lastRow + 1, lastSection + 1);
        }
    }

    /// <summary>Opens a section; returns its number.</summary>
    public long OpenSection(Hello hello, Batch baseline)
    {
        lock (_gate)
        {
            long section = _nextSection++;
            Track(section, _nextRow);
            _pending.Row.OpenSection(section, hello, baseline);
            return section;
        }
    }

    /// <summary>A section that a previous run of the program opened in journal row <paramref name="firstRow"/> is still in force.</summary>
    public void Track(long section, long firstRow)
    {
        lock (_gate)
        {
            _openSections.Add((firstRow, section));
            _firstRows[section] = firstRow;
        }
    }

    /// <summary>Appends a batch, or part of one, to its section, and who is to be told.</summary>
    public void Append(long section, Batch batch, IReadOnlyList<(int Count, FrameOutcome Outcome)> runs, PendingAck? ack)
    {
        lock (_gate)
        {
            _pending.Row.Batch(section, batch, runs);
            if (ack is { } wanted)
            {
                _pending.Acks.Add(wanted);
            }
        }

        Wake();
    }

    /// <summary>The section's samples and account go with the next commit, and its journal rows may go.</summary>
    /// <param name="seal">All but the account.</param>
    /// <param name="settle">Gives the account's rows. Called here, so that rows of one host stand in the order in which they were settled: a later one
    /// may be an earlier one made longer, and the last one written stays.</param>
    public void Seal(SectionSeal seal, Func<List<AccountRecord>> settle)
    {
        lock (_gate)
        {
            _pending.Row.SealSection(seal.Section);
            _pending.Seals.Add(seal with { Account = settle() });
            _firstRows.Remove(seal.Section, out long firstRow);
            _openSections.Remove((firstRow, seal.Section));
        }

        Wake();
    }

    /// <summary>There is something to commit that does not stand in the journal (a host, an epoch).</summary>
    public void Wake()
    {
        if (_arrived.CurrentCount == 0)
        {
            try
            {
                _arrived.Release();
            }
            catch (SemaphoreFullException)
            {
                // Another lane was quicker; the loop is awake.
            }
        }
    }

    /// <summary>Waits until something has arrived; false after <paramref name="timeout"/>.</summary>
    public Task<bool> WaitAsync(TimeSpan timeout, CancellationToken cancellation) => _arrived.WaitAsync(timeout, cancellation);

    /// <summary>Waits while too much is pending; lanes call it between batches, so that a slow disk slows the agents down.</summary>
    public ValueTask WaitForRoomAsync(CancellationToken cancellation)
    {
        if (PendingBytes <= maxPendingBytes)
        {
            return ValueTask.CompletedTask;
        }

        lock (_gate)
        {
            _room ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            return new ValueTask(_room.Task.WaitAsync(cancellation));
        }
    }

    /// <summary>Takes what is pending. The caller gives it back with <see cref="Return"/> when it is durable.</summary>
    public CommitBatch Take()
    {
        lock (_gate)
        {
            CommitBatch taken = _pending;
            taken.RowId = _nextRow;
            _nextRow += taken.Row.IsEmpty ? 0 : 1;
            taken.OldestRowInUse = _openSections.Count > 0 ? _openSections.Min.FirstRow : _nextRow;
            _pending = _spare;
            _spare = new CommitBatch();
            _room?.TrySetResult();
            _room = null;
            return taken;
        }
    }

    public void Dispose() => _arrived.Dispose();

    /// <summary>The batch is durable; its buffers serve again.</summary>
    public void Return(CommitBatch batch)
    {
        batch.Clear();
        lock (_gate)
        {
            _spare = batch;
        }
    }
}
