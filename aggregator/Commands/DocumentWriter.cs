using System.Threading.Channels;
using HostAgent.Aggregator.Storage;

namespace HostAgent.Aggregator.Commands;

/// <summary>Commits documents in the order in which they were handed over; what waits while the disk is busy becomes one commit, so that a
/// thousand hosts that report at once cost a few syncs and not a thousand.</summary>
public sealed class DocumentWriter : IAsyncDisposable
{
    private const int MaxChangesPerCommit = 4096;

    private readonly IDocumentStore _store;
    private readonly Channel<Entry> _queue = Channel.CreateUnbounded<Entry>(new UnboundedChannelOptions { SingleReader = true });
    private readonly Task _loop;

    /// <param name="store">Where to.</param>
    public DocumentWriter(IDocumentStore store)
    {
        _store = store;
        _loop = Task.Run(RunAsync);
    }

    /// <summary>Completes when the changes are durable; fails with <see cref="StorageException"/> when they are not.</summary>
    public Task CommitAsync(IReadOnlyList<DocumentChange> changes)
    {
        var entry = new Entry(changes, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        return _queue.Writer.TryWrite(entry)
            ? entry.Done.Task
            : Task.FromException(new StorageException("the aggregator is going down; try again", isTransient: true));
    }

    /// <summary>Commits what was handed over, then ends.</summary>
    public async ValueTask DisposeAsync()
    {
        _queue.Writer.TryComplete();
        await _loop;
    }

    private async Task RunAsync()
    {
        var entries = new List<Entry>();
        var changes = new List<DocumentChange>();
        while (await _queue.Reader.WaitToReadAsync())
        {
            while (changes.Count < MaxChangesPerCommit && _queue.Reader.TryRead(out Entry? entry))
            {
                entries.Add(entry);
                changes.AddRange(entry.Changes);
            }

            Commit(entries, changes);
            entries.Clear();
            changes.Clear();
        }
    }

    private void Commit(List<Entry> entries, List<DocumentChange> changes)
    {
        try
        {
            _store.Commit(changes);
        }
#pragma warning disable CA1031 // whatever it is, the ones who wait must hear of it, and the loop must go on for the next ones
        catch (Exception e)
#pragma warning restore CA1031
        {
            entries.ForEach(entry => entry.Done.SetException(e));
            return;
        }

        entries.ForEach(static entry => entry.Done.SetResult());
    }

    private sealed record Entry(IReadOnlyList<DocumentChange> Changes, TaskCompletionSource Done);
}
