namespace HostAgent.Agent.Sampling;

/// <summary>Series of values of which each may be missing on a kernel: a negative one is, and its series begins when it comes.</summary>
internal sealed class ColumnSeries
{
    private readonly Metric[] _metrics;
    private readonly int[] _ids;

    /// <param name="metrics">In the order of the values.</param>
    public ColumnSeries(IEnumerable<Metric> metrics)
    {
        _metrics = [.. metrics];
        _ids = new int[_metrics.Length];
        Array.Fill(_ids, -1);
    }

    /// <summary>Stores the values; a series whose value has gone ends.</summary>
    public void Set(Tick tick, ReadOnlySpan<long> values)
    {
        for (int i = 0; i < _ids.Length; i++)
        {
            if (values[i] >= 0)
            {
                if (_ids[i] < 0)
                {
                    _ids[i] = tick.Table.Add(tick.Group, _metrics[i]);
                }

                tick.Table.Set(_ids[i], values[i]);
            }
            else if (_ids[i] >= 0)
            {
                tick.Table.End(_ids[i]);
                _ids[i] = -1;
            }
        }
    }
}
