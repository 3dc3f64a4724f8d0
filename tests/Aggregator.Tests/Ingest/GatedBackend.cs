using HostAgent.Aggregator.Storage;

namespace HostAgent.Aggregator.Tests.Ingest;

/// <summary>A backend whose commits fail while the test says so, as on a full disk.</summary>
internal sealed class GatedBackend(IStorageBackend inner) : IStorageBackend
{
    private volatile bool _full;

    public int Attempts { get; private set; }

    /// <summary>Kept after the first commit that fails for good: nothing more becomes durable, as after kill -9.</summary>
    public bool Full
    {
        get => _full;
        set => _full = value;
    }

    /// <summary>Deletions that were tried.</summary>
    public int Deletions { get; private set; }

    /// <summary>The first so many deletions fail.</summary>
    public int FailingDeletions { get; init; }

    public string Description => inner.Description;

    public long SizeBytes => inner.SizeBytes;

    public StorageSnapshot Open() => inner.Open();

    public IEnumerable<JournalRow> ReadJournal() => inner.ReadJournal();

    public void Commit(StorageTransaction transaction)
    {
        Attempts++;
        if (_full)
        {
            throw new StorageException("the disk is full", isTransient: true);
        }

        inner.Commit(transaction);
    }

    public void ReadChunks(SeriesId series, long fromUnixMs, long toUnixMs, List<StoredChunk> into) => inner.ReadChunks(series, fromUnixMs, toUnixMs, into);

    public long DeleteBefore(long unixMs, IReadOnlyList<SeriesId> gone, CancellationToken cancellation)
        => ++Deletions <= FailingDeletions
            ? throw new StorageException("the disk is busy", isTransient: true)
            : inner.DeleteBefore(unixMs, gone, cancellation);

    public IReadOnlyList<string> Check(CancellationToken cancellation) => inner.Check(cancellation);

    public void Dispose() => inner.Dispose();
}
