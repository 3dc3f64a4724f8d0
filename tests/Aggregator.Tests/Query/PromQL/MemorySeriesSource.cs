using HostAgent.Aggregator.Query.PromQL;
using HostAgent.Aggregator.Storage;

namespace HostAgent.Aggregator.Tests.Query.PromQL;

/// <summary>Series in plain lists, and counts of what was asked of them.</summary>
internal sealed class MemorySeriesSource : ISeriesSource
{
    private readonly SortedDictionary<Labels, (List<long> Times, List<double> Values)> _series = [];

    /// <summary>Samples handed out.</summary>
    public long SamplesRead { get; private set; }

    /// <summary>Called before each read.</summary>
    public Action? OnRead { get; set; }

    /// <summary>Adds one sample; times of a series ascend.</summary>
    public void Add(Labels labels, long unixMs, double value)
    {
        if (!_series.TryGetValue(labels, out (List<long> Times, List<double> Values) samples))
        {
            _series.Add(labels, samples = ([], []));
        }

        samples.Times.Add(unixMs);
        samples.Values.Add(value);
    }

    public void Clear() => _series.Clear();

    /// <summary>All series with their samples.</summary>
    public IEnumerable<(Labels Labels, IReadOnlyList<long> Times, IReadOnlyList<double> Values)> All
        => _series.Select(static pair => (pair.Key, (IReadOnlyList<long>)pair.Value.Times, (IReadOnlyList<double>)pair.Value.Values));

    public IReadOnlyList<SourceSeries> Select(IReadOnlyList<LabelMatcher> matchers, long fromUnixMs, long toUnixMs, int limit)
    {
        LabelCondition[] conditions = [.. matchers.Select(static matcher => new LabelCondition(matcher))];
        return [.. _series
            .Where(pair => conditions.All(condition => condition.Matches(pair.Key[condition.Name])))
            .Where(pair => pair.Value.Times[0] <= toUnixMs && pair.Value.Times[^1] >= fromUnixMs)
            .Take(limit)
            .Select(pair => new Listed(this, pair.Key, pair.Value.Times, pair.Value.Values))];
    }

    private sealed class Listed(MemorySeriesSource source, Labels labels, List<long> times, List<double> values)
        : SourceSeries(labels, times[0], times[^1])
    {
        public override void Read(long fromUnixMs, long toUnixMs, SampleBuffer into)
        {
            source.OnRead?.Invoke();
            int at = times.BinarySearch(fromUnixMs);
            for (at = at < 0 ? ~at : at; at < times.Count && times[at] <= toUnixMs; at++)
            {
                into.Add(times[at], values[at]);
                source.SamplesRead++;
            }
        }
    }
}
