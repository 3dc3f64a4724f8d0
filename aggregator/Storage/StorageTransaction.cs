namespace HostAgent.Aggregator.Storage;

/// <summary>All that becomes durable together. Records with a key that the store has replace the old ones.</summary>
public sealed class StorageTransaction
{
    /// <summary>New or changed hosts; key: <see cref="HostRecord.HostId"/>.</summary>
    public List<HostRecord> Hosts { get; } = [];

    /// <summary>New or changed epochs; key: host and epoch.</summary>
    public List<EpochRecord> Epochs { get; } = [];

    /// <summary>New or grown account rows; key: host, epoch and first sequence.</summary>
    public List<AccountRecord> Account { get; } = [];

    /// <summary>New or changed metrics; key: name.</summary>
    public List<MetricMetadata> Metrics { get; } = [];

    /// <summary>New series.</summary>
    public List<SeriesRecord> Series { get; } = [];

    /// <summary>Chunks to add; each widens its series' time range.</summary>
    public List<SealedChunk> Chunks { get; } = [];

    /// <summary>The row to add to the journal; null for none. Its id is higher than any before.</summary>
    public JournalRow? Journal { get; set; }

    /// <summary>Journal rows with a lower id are deleted: chunks and account hold all they held. 0 deletes none.</summary>
    public long DeleteJournalBelow { get; set; }

    /// <summary>True when there is nothing to commit.</summary>
    public bool IsEmpty => Journal is null && Chunks.Count == 0 && Series.Count == 0 && Hosts.Count == 0 && Epochs.Count == 0
        && Account.Count == 0 && Metrics.Count == 0;
}
