namespace HostAgent.Aggregator.Storage.Memory;

/// <summary>The reference backend: says what the contract means, in memory. Nothing survives the process, except through
/// <see cref="Reopen"/>, which stands for a restart in tests.</summary>
public sealed class MemoryBackend : IStorageBackend
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, HostRecord> _hosts;
    private readonly Dictionary<(string, ulong), EpochRecord> _epochs;
    private readonly SortedDictionary<(string, ulong, ulong), AccountRecord> _account;
    private readonly SortedDictionary<string, MetricMetadata> _metrics;
    private readonly SortedDictionary<long, SeriesRecord> _series;
    private readonly SortedDictionary<long, byte[]> _journal;
    private readonly Dictionary<SeriesId, List<StoredChunk>> _chunks;

    /// <summary>An empty store.</summary>
    public MemoryBackend()
    {
        (_hosts, _epochs, _account, _metrics) = ([], [], [], new SortedDictionary<string, MetricMetadata>(StringComparer.Ordinal));
        (_series, _journal, _chunks) = ([], [], []);
    }

    private MemoryBackend(MemoryBackend other)
    {
        lock (other._gate)
        {
            (_hosts, _epochs, _account, _metrics) = (new(other._hosts), new(other._epochs), new(other._account), new(other._metrics));
            (_series, _journal) = (new(other._series), new(other._journal));
            _chunks = other._chunks.ToDictionary(static p => p.Key, static p => new List<StoredChunk>(p.Value));
        }
    }

    /// <inheritdoc/>
    public string Description => "memory";

    /// <inheritdoc/>
    public long SizeBytes
    {
        get
        {
            lock (_gate)
            {
                return _journal.Values.Sum(static b => (long)b.Length) + _chunks.Values.Sum(static l => l.Sum(static c => (long)c.Body.Length));
            }
        }
    }

    /// <summary>What a new process would find: a copy of all that was committed.</summary>
    public MemoryBackend Reopen() => new(this);

    /// <inheritdoc/>
    public StorageSnapshot Open()
    {
        lock (_gate)
        {
            return new StorageSnapshot([.. _hosts.Values], [.. _epochs.Values], [.. _account.Values], [.. _metrics.Values], [.. _series.Values]);
        }
    }

    /// <inheritdoc/>
    public IEnumerable<JournalRow> ReadJournal()
    {
        lock (_gate)
        {
            return [.. _journal.Select(static p => new JournalRow(p.Key, p.Value))];
        }
    }

    /// <inheritdoc/>
    public void Commit(StorageTransaction transaction)
    {
        lock (_gate)
        {
            if (transaction.Journal is { } added && _journal.ContainsKey(added.Id))
            {
                throw new StorageException($"journal row {added.Id} exists already", false);
            }

            transaction.Hosts.ForEach(h => _hosts[h.HostId] = h);
            transaction.Epochs.ForEach(e => _epochs[(e.HostId, e.Epoch)] = e);
            transaction.Account.ForEach(a => _account[(a.HostId, a.Epoch, a.FirstSequence)] = a);
            transaction.Metrics.ForEach(m => _metrics[m.Name] = m);
            transaction.Series.ForEach(s => _series[s.Id.Value] = s);
            transaction.Chunks.ForEach(Add);
            if (transaction.Journal is { } row)
            {
                _journal.Add(row.Id, row.Body.ToArray());
            }

            foreach (long id in _journal.Keys.TakeWhile(id => id < transaction.DeleteJournalBelow).ToArray())
            {
                _journal.Remove(id);
            }
        }
    }

    /// <inheritdoc/>
    public void ReadChunks(SeriesId series, long fromUnixMs, long toUnixMs, List<StoredChunk> into)
    {
        lock (_gate)
        {
            if (_chunks.TryGetValue(series, out List<StoredChunk>? chunks))
            {
                into.AddRange(chunks.Where(c => c.StartUnixMs <= toUnixMs && c.EndUnixMs >= fromUnixMs).OrderBy(static c => c.StartUnixMs));
            }
        }
    }

    /// <inheritdoc/>
    public long DeleteBefore(long unixMs, IReadOnlyList<SeriesId> gone, CancellationToken cancellation)
    {
        lock (_gate)
        {
            long deleted = _chunks.Values.Sum(list => (long)list.RemoveAll(c => c.EndUnixMs < unixMs));
            foreach (SeriesId id in gone)
            {
                _series.Remove(id.Value);
                _chunks.Remove(id);
            }

            foreach ((string, ulong, ulong) key in _account.Where(p => p.Value.LastUnixMs < unixMs).Select(static p => p.Key).ToArray())
            {
                _account.Remove(key);
            }

            return deleted;
        }
    }

    /// <inheritdoc/>
    public IReadOnlyList<string> Check(CancellationToken cancellation) => [];

    /// <inheritdoc/>
    public void Dispose()
    {
    }

    /// <summary>Flips a bit of a journal row, as a bad disk would.</summary>
    internal void Damage(long journalRow)
    {
        lock (_gate)
        {
            _journal[journalRow][^1] ^= 1;
        }
    }

    private void Add(SealedChunk chunk)
    {
        if (!_chunks.TryGetValue(chunk.Series, out List<StoredChunk>? list))
        {
            _chunks[chunk.Series] = list = [];
        }

        list.Add(new StoredChunk(chunk.StartUnixMs, chunk.EndUnixMs, chunk.Body));
        SeriesRecord series = _series[chunk.Series.Value];
        _series[chunk.Series.Value] = series with
        {
            FirstUnixMs = Math.Min(series.FirstUnixMs, chunk.StartUnixMs),
            LastUnixMs = Math.Max(series.LastUnixMs, chunk.EndUnixMs),
        };
    }
}
