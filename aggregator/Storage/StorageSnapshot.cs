namespace HostAgent.Aggregator.Storage;

/// <summary>What a store held when it was opened, except chunks and journal.</summary>
/// <param name="Hosts">Every host that ever said Hello.</param>
/// <param name="Epochs">What is known of each epoch of each host.</param>
/// <param name="Account">What became of the frames that are no longer in the journal.</param>
/// <param name="Metrics">Metric metadata.</param>
/// <param name="Series">Series definitions, by id.</param>
public sealed record StorageSnapshot(
    IReadOnlyList<HostRecord> Hosts,
    IReadOnlyList<EpochRecord> Epochs,
    IReadOnlyList<AccountRecord> Account,
    IReadOnlyList<MetricMetadata> Metrics,
    IReadOnlyList<SeriesRecord> Series);
