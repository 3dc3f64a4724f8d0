using System.Text;

namespace HostAgent.Aggregator.Metrics;

/// <summary>Counts observations by size, since the program started.</summary>
public sealed class MetricHistogram : IMetricSeries
{
    private readonly Lock _gate = new();
    private readonly double[] _bounds;
    private readonly long[] _counts;
    private double _sum;

    internal MetricHistogram(double[] bounds)
    {
        _bounds = bounds;
        _counts = new long[bounds.Length + 1];
    }

    /// <summary>Takes one observation, in the base unit that the metric's name ends in.</summary>
    public void Observe(double value)
    {
        int bucket = 0;
        while (bucket < _bounds.Length && value > _bounds[bucket])
        {
            bucket++;
        }

        lock (_gate)
        {
            _counts[bucket]++;
            _sum += value;
        }
    }

    void IMetricSeries.WriteTo(StringBuilder text, string name, string labels)
    {
        lock (_gate)
        {
            string before = labels.Length > 0 ? labels + "," : "";
            long cumulated = 0;
            for (int i = 0; i < _counts.Length; i++)
            {
                cumulated += _counts[i];
                string bound = IMetricSeries.Number(i < _bounds.Length ? _bounds[i] : double.PositiveInfinity);
                IMetricSeries.Line(text, name + "_bucket", $"{before}le=\"{bound}\"", cumulated);
            }

            IMetricSeries.Line(text, name + "_sum", labels, _sum);
            IMetricSeries.Line(text, name + "_count", labels, cumulated);
        }
    }
}
