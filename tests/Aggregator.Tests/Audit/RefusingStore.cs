using HostAgent.Aggregator.Storage;

namespace HostAgent.Aggregator.Tests.Audit;

/// <summary>A document store on a disk that takes nothing more.</summary>
internal sealed class RefusingStore(IDocumentStore inner) : IDocumentStore
{
    public string Description => "full";

    /// <summary>Commits are refused.</summary>
    public bool Refuses { get; set; } = true;

    public ReadOnlyMemory<byte>? Read(string collection, string key) => inner.Read(collection, key);

    public IReadOnlyList<Document> Scan(string collection, string fromKey = "", string? toKey = null, int limit = int.MaxValue, bool descending = false)
        => inner.Scan(collection, fromKey, toKey, limit, descending);

    public void Commit(IReadOnlyList<DocumentChange> changes)
    {
        if (Refuses)
        {
            throw new StorageException("the disk is full", isTransient: true);
        }

        inner.Commit(changes);
    }

    public void Dispose()
    {
        // The inner store is the test's.
    }
}
