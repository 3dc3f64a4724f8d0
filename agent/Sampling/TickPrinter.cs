using System.Globalization;
using System.Text;
using System.Text.Json;

namespace HostAgent.Agent.Sampling;

/// <summary>Renders the samples of ticks for people and scripts: <c>hostagent sample</c>.</summary>
/// <remarks>It consumes ticks: hand it to a <see cref="SamplingScheduler"/>, run one tick, then ask for the text.</remarks>
public sealed class TickPrinter : ITickConsumer
{
    private readonly List<(Series Series, double Value)> _samples = [];
    private long _timeUnixMs;

    /// <inheritdoc/>
    public void OnTick(long timeUnixMs, ReadOnlySpan<int> groups, SeriesTable table)
    {
        _timeUnixMs = timeUnixMs;
        _samples.Clear();
        for (int id = 0; id < table.Count; id++)
        {
            if (!table[id].Ended && groups.Contains(table[id].Group))
            {
                _samples.Add((table[id], table[id].Metric.ValueOf(table.Raw[id])));
            }
        }
    }

    /// <summary>The last tick in the Prometheus text format, metrics by name.</summary>
    public string ToPrometheusText()
    {
        var text = new StringBuilder();
        foreach (IGrouping<Metric, (Series Series, double Value)> metric in
            _samples.GroupBy(sample => sample.Series.Metric).OrderBy(metric => metric.Key.Name, StringComparer.Ordinal))
        {
            string type = metric.Key.Type is MetricType.Counter ? "counter" : "gauge";
            text.Append("# HELP ").Append(metric.Key.Name).Append(' ').Append(metric.Key.Help).Append('\n');
            text.Append("# TYPE ").Append(metric.Key.Name).Append(' ').Append(type).Append('\n');
            foreach ((Series series, double value) in metric)
            {
                text.Append(metric.Key.Name);
                AppendLabels(text, series.Labels);
                text.Append(' ').Append(value.ToString("R", CultureInfo.InvariantCulture)).Append('\n');
            }
        }

        return text.ToString();
    }

    /// <summary>The last tick as one JSON object: <c>{"time_unix_ms": ..., "samples": [{"metric": ..., "labels": {...}, "value": ...}]}</c>.</summary>
    public string ToJson()
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream))
        {
            json.WriteStartObject();
            json.WriteNumber("time_unix_ms", _timeUnixMs);
            json.WriteStartArray("samples");
            foreach ((Series series, double value) in _samples)
            {
                json.WriteStartObject();
                json.WriteString("metric", series.Metric.Name);
                json.WriteStartObject("labels");
                foreach ((string name, string label) in series.Labels)
                {
                    json.WriteString(name, label);
                }

                json.WriteEndObject();
                if (double.IsFinite(value))
                {
                    json.WriteNumber("value", value);
                }
                else
                {
                    json.WriteNull("value");
                }

                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(stream.ToArray());
    }

    private static void AppendLabels(StringBuilder text, IReadOnlyList<(string Name, string Value)> labels)
    {
        if (labels.Count == 0)
        {
            return;
        }

        char separator = '{';
        foreach ((string name, string value) in labels)
        {
            text.Append(separator).Append(name).Append("=\"");
            text.Append(value.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal));
            text.Append('"');
            separator = ',';
        }

        text.Append('}');
    }
}
