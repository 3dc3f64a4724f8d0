using HostAgent.Aggregator.Storage;

namespace HostAgent.Aggregator.Query.PromQL;

/// <summary>The series of the store.</summary>
internal sealed class StoredSeriesSource(ISeriesReader reader) : ISeriesSource
{
    /// <inheritdoc/>
    public IReadOnlyList<SourceSeries> Select(IReadOnlyList<LabelMatcher> matchers, long fromUnixMs, long toUnixMs, int limit)
        => [.. reader.Select(matchers, fromUnixMs, toUnixMs, limit).Select(info => new Stored(reader, info))];

    private sealed class Stored(ISeriesReader reader, SeriesInfo info)
        : SourceSeries(Labels.From(info.Labels.Append(new LabelPair(LabelMatcher.MetricName, info.Metric))), info.FirstUnixMs, info.LastUnixMs)
    {
        public override void Read(long fromUnixMs, long toUnixMs, SampleBuffer into) => reader.Read(info.Id, fromUnixMs, toUnixMs, into);
    }
}
