using System.Text;

namespace HostAgent.Aggregator.Metrics;

/// <summary>A value that is read when the metrics are.</summary>
internal sealed class MetricReading(Func<double> read) : IMetricSeries
{
    void IMetricSeries.WriteTo(StringBuilder text, string name, string labels) => IMetricSeries.Line(text, name, labels, read());
}
