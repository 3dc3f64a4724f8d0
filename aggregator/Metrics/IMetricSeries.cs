using System.Globalization;
using System.Text;

namespace HostAgent.Aggregator.Metrics;

/// <summary>One series of a metric that the registry can write.</summary>
internal interface IMetricSeries
{
    /// <summary>Appends the lines of this series in the Prometheus text format. <paramref name="labels"/> are escaped and without braces.</summary>
    public void WriteTo(StringBuilder text, string name, string labels);

    /// <summary>Appends one line.</summary>
    protected static void Line(StringBuilder text, string name, string labels, double value)
    {
        text.Append(name);
        if (labels.Length > 0)
        {
            text.Append('{').Append(labels).Append('}');
        }

        text.Append(' ').Append(Number(value)).Append('\n');
    }

    /// <summary>A number as the format spells it.</summary>
    protected static string Number(double value)
        => double.IsPositiveInfinity(value) ? "+Inf" : double.IsNegativeInfinity(value) ? "-Inf" : value.ToString("R", CultureInfo.InvariantCulture);
}
