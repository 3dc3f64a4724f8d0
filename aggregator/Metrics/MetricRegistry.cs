using System.Globalization;
using System.Text;

namespace HostAgent.Aggregator.Metrics;

/// <summary>The aggregator's metrics about itself, by name. Rooms ask it for counters once and keep them; GET /metrics writes them all. One
/// registry per aggregator, safe to use from any thread.</summary>
public sealed class MetricRegistry
{
    private readonly Lock _gate = new();
    private readonly SortedDictionary<string, Family> _families = new(StringComparer.Ordinal);

    /// <summary>The counter of this name and these labels, made at the first call. Names end in <c>_total</c> and begin with
    /// <c>hostaggregator_</c>, in base units.</summary>
    /// <exception cref="ArgumentException">The name is taken by another kind of metric.</exception>
    public MetricCounter Counter(string name, string help, params (string Name, string Value)[] labels)
        => (MetricCounter)Series(name, help, "counter", labels, static () => new MetricCounter());

    /// <summary>A value that is read whenever the metrics are: <paramref name="read"/> must be quick and may be called from any thread. NaN
    /// is written as such.</summary>
    /// <exception cref="ArgumentException">The name is taken by another kind of metric.</exception>
    public void Gauge(string name, string help, Func<double> read, params (string Name, string Value)[] labels)
        => Series(name, help, "gauge", labels, () => new MetricReading(read));

    /// <summary>As <see cref="Gauge"/>, for a count that something else keeps and that only grows.</summary>
    /// <exception cref="ArgumentException">The name is taken by another kind of metric.</exception>
    public void CounterFrom(string name, string help, Func<double> read, params (string Name, string Value)[] labels)
        => Series(name, help, "counter", labels, () => new MetricReading(read));

    /// <summary>A histogram, made at the first call. <paramref name="bounds"/> are the upper bounds of its buckets, ascending, without
    /// infinity.</summary>
    /// <exception cref="ArgumentException">The name is taken by another kind of metric.</exception>
    public MetricHistogram Histogram(string name, string help, double[] bounds, params (string Name, string Value)[] labels)
        => (MetricHistogram)Series(name, help, "histogram", labels, () => new MetricHistogram(bounds));

    /// <summary>Everything in the Prometheus text format 0.0.4, see
    /// https://prometheus.io/docs/instrumenting/exposition_formats/#text-based-format.</summary>
    public string ToText()
    {
        var text = new StringBuilder();
        lock (_gate)
        {
            foreach ((string name, Family family) in _families)
            {
                text.Append(CultureInfo.InvariantCulture, $"# HELP {name} {EscapeHelp(family.Help)}\n# TYPE {name} {family.Kind}\n");
                foreach ((string labels, IMetricSeries series) in family.Series)
                {
                    series.WriteTo(text, name, labels);
                }
            }
        }

        return text.ToString();
    }

    private IMetricSeries Series(string name, string help, string kind, (string Name, string Value)[] labels, Func<IMetricSeries> make)
    {
        string key = string.Join(',', labels.Select(label => $"{label.Name}=\"{EscapeValue(label.Value)}\""));
        lock (_gate)
        {
            if (!_families.TryGetValue(name, out Family? family))
            {
                _families.Add(name, family = new Family(help, kind));
            }

            if (family.Kind != kind)
            {
                throw new ArgumentException($"{name} is a {family.Kind} already, not a {kind}", nameof(name));
            }

            if (!family.Series.TryGetValue(key, out IMetricSeries? series))
            {
                family.Series.Add(key, series = make());
            }

            return series;
        }
    }

    private static string EscapeHelp(string help) => help.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal);

    private static string EscapeValue(string value) => EscapeHelp(value).Replace("\"", "\\\"", StringComparison.Ordinal);

    private sealed record Family(string Help, string Kind)
    {
        public SortedDictionary<string, IMetricSeries> Series { get; } = new(StringComparer.Ordinal);
    }
}
