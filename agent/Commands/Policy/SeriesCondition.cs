using System.Globalization;
using HostAgent.Agent.Sampling;

namespace HostAgent.Agent.Commands.Policy;

/// <summary>A comparison of a series of this host with a number: <c>host_filesystem_avail_bytes{mountpoint="/var*"} &lt; 2GiB</c>. It holds when it does for one of the
/// series that fit.</summary>
/// <param name="Metric">Name of the metric.</param>
/// <param name="Labels">Label and pattern, each of which has to fit.</param>
/// <param name="Comparison">One of &lt; &lt;= &gt; &gt;= == !=.</param>
/// <param name="Value">In the metric's base unit.</param>
internal sealed record SeriesCondition(string Metric, IReadOnlyList<(string Name, string Pattern)> Labels, string Comparison, double Value)
{
    private static readonly string[] Comparisons = ["<=", ">=", "==", "!=", "<", ">"];

    private static readonly (string Suffix, double Factor)[] Units =
    [
        ("KiB", 1L << 10), ("MiB", 1L << 20), ("GiB", 1L << 30), ("TiB", 1L << 40), ("kB", 1e3), ("KB", 1e3), ("MB", 1e6), ("GB", 1e9), ("TB", 1e12), ("B", 1),
        ("%", 0.01), ("ms", 0.001), ("s", 1), ("m", 60), ("h", 3600), ("d", 86400), ("", 1),
    ];

    /// <summary>Reads one; null when it is not of this form.</summary>
    public static SeriesCondition? Parse(string text)
    {
        // The comparison stands behind the labels, whose values may hold anything.
        int from = Math.Max(0, text.LastIndexOf('}'));
        int at = text.AsSpan(from).IndexOfAny("<>=!");
        if (at < 0)
        {
            return null;
        }

        at += from;
        string? comparison = Comparisons.FirstOrDefault(one => text.AsSpan(at).StartsWith(one, StringComparison.Ordinal));
        if (comparison is null || Number(text[(at + comparison.Length)..].Trim()) is not { } value)
        {
            return null;
        }

        string selector = text[..at].Trim();
        int brace = selector.IndexOf('{', StringComparison.Ordinal);
        string metric = brace < 0 ? selector : selector[..brace].Trim();
        if (metric.Length == 0 || !metric.All(static c => char.IsAsciiLetterOrDigit(c) || c is '_' or ':'))
        {
            return null;
        }

        return brace < 0 ? new SeriesCondition(metric, [], comparison, value)
            : selector[^1] == '}' && ReadLabels(selector[(brace + 1)..^1]) is { } labels ? new SeriesCondition(metric, labels, comparison, value)
            : null;
    }

    /// <summary>True when the series is one of those meant.</summary>
    public bool Fits(Series series) => series.Metric.Name == Metric && Labels.All(
        wanted => series.Labels.Any(label => label.Name == wanted.Name && Glob.IsMatch(wanted.Pattern, label.Value)));

    /// <summary>True when the comparison holds for a value. Allocates nothing.</summary>
    public bool Holds(double value) => Comparison switch
    {
        "<" => value < Value,
        "<=" => value <= Value,
        ">" => value > Value,
        ">=" => value >= Value,
        "==" => value.Equals(Value),
        _ => !value.Equals(Value),
    };

    private static double? Number(string text)
    {
        foreach ((string suffix, double factor) in Units)
        {
            if (text.EndsWith(suffix, StringComparison.Ordinal)
                && double.TryParse(text.AsSpan(0, text.Length - suffix.Length).TrimEnd(), NumberStyles.Float, CultureInfo.InvariantCulture, out double number)
                && double.IsFinite(number))
            {
                return number * factor;
            }
        }

        return null;
    }

    private static List<(string Name, string Pattern)>? ReadLabels(string text)
    {
        var labels = new List<(string Name, string Pattern)>();
        int at = 0;
        while (at < text.Length)
        {
            int equals = text.IndexOf('=', at);
            int close = equals < 0 || equals + 1 >= text.Length || text[equals + 1] != '"' ? -1 : text.IndexOf('"', equals + 2);
            if (close < 0)
            {
                return null;
            }

            labels.Add((text[at..equals].Trim(), text[(equals + 2)..close]));
            at = close + 1;
            while (at < text.Length && text[at] is ' ' or ',')
            {
                at++;
            }
        }

        return labels.All(static label => label.Name.Length > 0) ? labels : null;
    }
}
