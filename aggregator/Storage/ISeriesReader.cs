namespace HostAgent.Aggregator.Storage;

/// <summary>The only view that queries have of the store. Safe to call from any thread while samples arrive; a read sees everything that was
/// acknowledged before it began.</summary>
public interface ISeriesReader
{
    /// <summary>The series that satisfy all <paramref name="matchers"/> and have (or may have) samples in the closed interval; in order of
    /// metric, then labels. At most <paramref name="limit"/> of them. Throws <see cref="ArgumentException"/> for a regular expression that does
    /// not parse.</summary>
    public IReadOnlyList<SeriesInfo> Select(IReadOnlyList<LabelMatcher> matchers, long fromUnixMs, long toUnixMs, int limit);

    /// <summary>Appends to <paramref name="into"/> the samples of the closed interval: ascending, one per instant, stale markers included.
    /// An unknown series has none. Throws <see cref="StorageException"/> when the disk does not give them.</summary>
    public void Read(SeriesId id, long fromUnixMs, long toUnixMs, SampleBuffer into);

    /// <summary>The newest sample; false when there is none or the series has ended since.</summary>
    public bool TryLatest(SeriesId id, out long timeUnixMs, out double value);

    /// <summary>What the metric is, or null when no host has announced it.</summary>
    public MetricMetadata? Metadata(string metric);

    /// <summary>Every metric ever announced, by name.</summary>
    public IEnumerable<MetricMetadata> AllMetadata();
}
