using HostAgent.Aggregator.Storage;

namespace HostAgent.Aggregator.Query.PromQL;

/// <summary>All that expressions know of a store.</summary>
internal interface ISeriesSource
{
    /// <summary>The series that satisfy all <paramref name="matchers"/> and may have samples in the closed interval, at most
    /// <paramref name="limit"/> of them; in an order that does not change from call to call.</summary>
    public IReadOnlyList<SourceSeries> Select(IReadOnlyList<LabelMatcher> matchers, long fromUnixMs, long toUnixMs, int limit);
}
