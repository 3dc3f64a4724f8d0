namespace HostAgent.Aggregator.Storage.Memory;

/// <summary>The reference document store: says what the contract means, in memory.</summary>
public sealed class MemoryDocuments : IDocumentStore
{
    private readonly Lock _gate = new();
    private readonly SortedDictionary<(string Collection, string Key), byte[]> _documents;

    /// <summary>An empty store.</summary>
    public MemoryDocuments() => _documents = new(Comparer<(string Collection, string Key)>.Create(Compare));

    private MemoryDocuments(MemoryDocuments other)
    {
        lock (other._gate)
        {
            _documents = new(other._documents, Comparer<(string Collection, string Key)>.Create(Compare));
        }
    }

    /// <inheritdoc/>
    public string Description => "memory";

    /// <summary>What a new process would find: a copy of all that was committed.</summary>
    public MemoryDocuments Reopen() => new(this);

    /// <inheritdoc/>
    public ReadOnlyMemory<byte>? Read(string collection, string key)
    {
        lock (_gate)
        {
            return _documents.TryGetValue((collection, key), out byte[]? body) ? body : (ReadOnlyMemory<byte>?)null;
        }
    }

    /// <inheritdoc/>
    public IReadOnlyList<Document> Scan(string collection, string fromKey = "", string? toKey = null, int limit = int.MaxValue, bool descending = false)
    {
        lock (_gate)
        {
            IEnumerable<Document> found = _documents
                .Where(d => d.Key.Collection == collection && Utf8Order(d.Key.Key, fromKey) >= 0 && (toKey is null || Utf8Order(d.Key.Key, toKey) < 0))
                .Select(static d => new Document(d.Key.Collection, d.Key.Key, d.Value));
            return [.. (descending ? found.Reverse() : found).Take(limit)];
        }
    }

    /// <inheritdoc/>
    public void Commit(IReadOnlyList<DocumentChange> changes)
    {
        lock (_gate)
        {
            foreach (DocumentChange change in changes)
            {
                if (change.Body is { } body)
                {
                    _documents[(change.Collection, change.Key)] = body.ToArray();
                }
                else
                {
                    _documents.Remove((change.Collection, change.Key));
                }
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
    }

    private static int Compare((string Collection, string Key) left, (string Collection, string Key) right)
        => Utf8Order(left.Collection, right.Collection) is not 0 and var order ? order : Utf8Order(left.Key, right.Key);

    private static int Utf8Order(string left, string right)
        => System.Text.Encoding.UTF8.GetBytes(left).AsSpan().SequenceCompareTo(System.Text.Encoding.UTF8.GetBytes(right));
}
