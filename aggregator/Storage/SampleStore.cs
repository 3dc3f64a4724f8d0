using HostAgent.Aggregator.Storage.Chunks;

namespace HostAgent.Aggregator.Storage;

/// <summary>The engine above a backend: series, label index and the in-memory head, joined with the backend's chunks for readers. Ingest fills
/// it; nothing of it knows which backend it stands on. Thread-safe.</summary>
public sealed class SampleStore : ISeriesReader, IDisposable
{
    private readonly Lock _metadataGate = new();
    private readonly SortedDictionary<string, MetricMetadata> _metadata = new(StringComparer.Ordinal);
    private readonly List<MetricMetadata> _newMetadata = [];
    private long _damagedChunks;

    /// <summary>Opens the backend. Throws <see cref="StorageException"/> when it cannot be.</summary>
    public SampleStore(IStorageBackend backend)
    {
        Backend = backend;
        Snapshot = backend.Open();
        Series.Load(Snapshot.Series);
        foreach (MetricMetadata metric in Snapshot.Metrics)
        {
            _metadata[metric.Name] = metric;
        }
    }

    /// <summary>Series known, also those that no host sends any more.</summary>
    public int SeriesCount => Series.Count;

    /// <summary>Bytes on disk.</summary>
    public long SizeBytes => Backend.SizeBytes;

    /// <summary>For people: which backend, and where.</summary>
    public string Description => Backend.Description;

    /// <summary>Chunks that a reader met and could not decode, since the start. Their samples are missing from answers.</summary>
    public long DamagedChunks => Volatile.Read(ref _damagedChunks);

    internal IStorageBackend Backend { get; }

    internal SeriesRegistry Series { get; } = new();

    /// <summary>What the backend held at the start.</summary>
    internal StorageSnapshot Snapshot { get; }

    /// <inheritdoc/>
    public IReadOnlyList<SeriesInfo> Select(IReadOnlyList<LabelMatcher> matchers, long fromUnixMs, long toUnixMs, int limit)
    {
        List<SeriesEntry> found = Series.Select([.. matchers.Select(static m => new LabelCondition(m))]);
        var infos = new List<SeriesInfo>(found.Count);
        foreach (SeriesEntry entry in found)
        {
            (long first, long last) = entry.Bounds();
            if (first <= last && first <= toUnixMs && last >= fromUnixMs)
            {
                infos.Add(new SeriesInfo(entry.Id, entry.Metric, entry.Labels, entry.HostId, first, last));
            }
        }

        infos.Sort(SeriesOrder.Compare);
        return infos.Count > limit ? infos.GetRange(0, limit) : infos;
    }

    /// <inheritdoc/>
    public void Read(SeriesId id, long fromUnixMs, long toUnixMs, SampleBuffer into)
    {
        if (Series.Find(id) is not { } entry)
        {
            return;
        }

        // Head before backend: a section that is sealed in between is then seen twice, never not at all.
        int start = into.Count;
        foreach (Head.HeadColumn column in entry.Columns)
        {
            column.Section.Read(column.Local, fromUnixMs, toUnixMs, into);
        }

        ReadChunks(id, fromUnixMs, toUnixMs, into);
        into.SortAndDeduplicate(start);
    }

    /// <inheritdoc/>
    public bool TryLatest(SeriesId id, out long timeUnixMs, out double value)
    {
        (timeUnixMs, value) = (0, 0);
        if (Series.Find(id) is not { } entry)
        {
            return false;
        }

        if (!entry.TryLatest(out timeUnixMs, out value))
        {
            (long first, long last) = entry.Bounds();
            var buffer = new SampleBuffer();
            if (first <= last)
            {
                // The bounds may span a little more than the samples: look at whole chunks.
                ReadChunks(id, last, last, long.MinValue, buffer);
                buffer.SortAndDeduplicate();
            }

            if (buffer.Count == 0)
            {
                return false;
            }

            (timeUnixMs, value) = (buffer.Times[^1], buffer.Values[^1]);
            entry.SetLatest(timeUnixMs, value);
        }

        return !StaleMarker.Is(value);
    }

    /// <inheritdoc/>
    public MetricMetadata? Metadata(string metric)
    {
        lock (_metadataGate)
        {
            return _metadata.GetValueOrDefault(metric);
        }
    }

    /// <inheritdoc/>
    public IEnumerable<MetricMetadata> AllMetadata()
    {
        lock (_metadataGate)
        {
            return [.. _metadata.Values];
        }
    }

    /// <summary>Retention by age: forgets samples of chunks that end before <paramref name="unixMs"/>, and series that have no others. Returns the
    /// number of chunks deleted.</summary>
    public long DeleteBefore(long unixMs, CancellationToken cancellation)
        => Backend.DeleteBefore(unixMs, Series.RemoveEndedBefore(unixMs), cancellation);

    /// <inheritdoc/>
    public void Dispose() => Backend.Dispose();

    /// <summary>Records what a metric is; the newest announcement counts.</summary>
    internal void Announce(MetricMetadata metric)
    {
        lock (_metadataGate)
        {
            if (_metadata.TryGetValue(metric.Name, out MetricMetadata? known) && known == metric)
            {
                return;
            }

            _metadata[metric.Name] = metric;
            _newMetadata.Add(metric);
        }
    }

    /// <summary>Moves what is new since the last call into a transaction.</summary>
    internal void DrainNew(StorageTransaction transaction)
    {
        Series.DrainNew(transaction.Series);
        lock (_metadataGate)
        {
            transaction.Metrics.AddRange(_newMetadata);
            _newMetadata.Clear();
        }
    }

    private void ReadChunks(SeriesId id, long fromUnixMs, long toUnixMs, SampleBuffer into) => ReadChunks(id, fromUnixMs, toUnixMs, fromUnixMs, into);

    private void ReadChunks(SeriesId id, long fromUnixMs, long toUnixMs, long keepFromUnixMs, SampleBuffer into)
    {
        var chunks = new List<StoredChunk>();
        Backend.ReadChunks(id, fromUnixMs, toUnixMs, chunks);
        foreach (StoredChunk chunk in chunks)
        {
            if (!ChunkCodec.TryDecode(chunk.Body, keepFromUnixMs, toUnixMs, into, out _))
            {
                Interlocked.Increment(ref _damagedChunks);
            }
        }
    }
}
