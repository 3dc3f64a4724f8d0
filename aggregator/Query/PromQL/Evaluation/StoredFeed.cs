using HostAgent.Aggregator.Storage;

namespace HostAgent.Aggregator.Query.PromQL.Evaluation;

/// <summary>Reads stored series in slices, so that a slice, not the interval, is in memory. One instance serves series after series.</summary>
internal sealed class StoredFeed(QueryBudget budget) : SampleFeed
{
    // 6 h of 1 s samples are 350 KB.
    private const long SliceMs = 6 * 3_600_000L;

    private readonly SampleBuffer _buffer = new();
    private SourceSeries? _series;
    private long _nextUnixMs;
    private long _toUnixMs;
    private int _at;

    /// <summary>Starts over with a series; both ends of the interval included.</summary>
    public void Open(SourceSeries series, long fromUnixMs, long toUnixMs)
    {
        _series = series;
        _nextUnixMs = Math.Max(fromUnixMs, series.FirstUnixMs);
        _toUnixMs = Math.Min(toUnixMs, series.LastUnixMs);
        _buffer.Clear();
        _at = 0;
    }

    /// <inheritdoc/>
    public override bool TryNext(out long unixMs, out double value)
    {
        while (_at == _buffer.Count)
        {
            if (_nextUnixMs > _toUnixMs)
            {
                (unixMs, value) = (0, 0);
                return false;
            }

            long end = _toUnixMs - _nextUnixMs < SliceMs ? _toUnixMs : _nextUnixMs + SliceMs - 1;
            _buffer.Clear();
            _at = 0;
            _series!.Read(_nextUnixMs, end, _buffer);
            _nextUnixMs = end + 1;
            budget.Use(_buffer.Count);
        }

        unixMs = _buffer.Times[_at];
        value = _buffer.Values[_at++];
        return true;
    }
}
