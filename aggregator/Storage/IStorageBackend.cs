namespace HostAgent.Aggregator.Storage;

/// <summary>Where the store's bytes rest. Narrow on purpose: what a chunk or a journal row holds is not its business, so that a backend is one
/// folder. Commits come from one thread at a time; deletions and reads may come from other threads meanwhile. Every method throws <see cref="StorageException"/> when the disk fails.</summary>
public interface IStorageBackend : IDisposable
{
    /// <summary>For people: which kind, and where.</summary>
    public string Description { get; }

    /// <summary>Opens or creates the store and returns all it holds except chunks and journal. Called once, first.</summary>
    public StorageSnapshot Open();

    /// <summary>The journal rows, oldest first. Called before the first commit.</summary>
    public IEnumerable<JournalRow> ReadJournal();

    /// <summary>Makes the whole transaction durable, or throws and leaves the store as it was. On return it survives a power cut.</summary>
    public void Commit(StorageTransaction transaction);

    /// <summary>Appends to <paramref name="into"/> the chunks of a series that overlap the closed interval, in order of their start.</summary>
    public void ReadChunks(SeriesId series, long fromUnixMs, long toUnixMs, List<StoredChunk> into);

    /// <summary>Retention: deletes chunks and account rows that end before <paramref name="unixMs"/>, and the definitions of
    /// <paramref name="gone"/>, whose chunks all do. In steps short enough not to hold up commits noticeably. Returns the number of chunks
    /// deleted.</summary>
    public long DeleteBefore(long unixMs, IReadOnlyList<SeriesId> gone, CancellationToken cancellation);

    /// <summary>Looks for damage; one sentence for each found, none when all is well.</summary>
    public IReadOnlyList<string> Check(CancellationToken cancellation);

    /// <summary>Bytes that the store takes on disk (or in memory) now.</summary>
    public long SizeBytes { get; }
}
