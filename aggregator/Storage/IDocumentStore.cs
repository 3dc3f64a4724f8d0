namespace HostAgent.Aggregator.Storage;

/// <summary>Where the aggregator keeps what is not samples: tokens, certificates, the audit, commands, schedules, runbooks. Collections of small
/// documents ordered by key; a room owns its collections and the form of what is in them. Thread-safe. Every method throws
/// <see cref="StorageException"/> when the disk fails.</summary>
public interface IDocumentStore : IDisposable
{
    /// <summary>For people: which kind, and where.</summary>
    public string Description { get; }

    /// <summary>The document's body, or null when there is none.</summary>
    public ReadOnlyMemory<byte>? Read(string collection, string key);

    /// <summary>Documents with <paramref name="fromKey"/> &lt;= key &lt; <paramref name="toKey"/> (null: no end), ascending or descending by key, at most
    /// <paramref name="limit"/>.</summary>
    public IReadOnlyList<Document> Scan(string collection, string fromKey = "", string? toKey = null, int limit = int.MaxValue, bool descending = false);

    /// <summary>Makes all changes durable together, or throws and leaves the store as it was. On return they survive a power cut.</summary>
    public void Commit(IReadOnlyList<DocumentChange> changes);
}
