using HostAgent.Aggregator.Storage;

namespace HostAgent.Aggregator.Query.PromQL;

/// <summary>One series of an <see cref="ISeriesSource"/>.</summary>
/// <param name="labels">All labels, with the metric name.</param>
/// <param name="firstUnixMs">No sample is older.</param>
/// <param name="lastUnixMs">No sample is newer.</param>
internal abstract class SourceSeries(Labels labels, long firstUnixMs, long lastUnixMs)
{
    public Labels Labels => labels;

    public long FirstUnixMs => firstUnixMs;

    public long LastUnixMs => lastUnixMs;

    /// <summary>Appends the samples of the closed interval: ascending, one per instant, stale markers included.</summary>
    public abstract void Read(long fromUnixMs, long toUnixMs, SampleBuffer into);
}
