using System.Text;

namespace HostAgent.Aggregator.Metrics;

/// <summary>A count that only grows, since the program started.</summary>
public sealed class MetricCounter : IMetricSeries
{
    private long _value;

    /// <summary>The count.</summary>
    public long Value => Interlocked.Read(ref _value);

    /// <summary>Counts one more.</summary>
    public void Increment() => Interlocked.Increment(ref _value);

    /// <summary>Counts <paramref name="amount"/> more, 0 or more.</summary>
    public void Add(long amount) => Interlocked.Add(ref _value, amount);

    void IMetricSeries.WriteTo(StringBuilder text, string name, string labels) => IMetricSeries.Line(text, name, labels, Value);
}
