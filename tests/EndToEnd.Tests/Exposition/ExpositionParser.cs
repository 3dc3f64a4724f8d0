using System.Globalization;
using System.Text.RegularExpressions;

namespace HostAgent.EndToEnd.Tests.Exposition;

/// <summary>Reads Prometheus text format 0.0.4 and forgives nothing that the format forbids: a family in two places, a second TYPE, a
/// sample twice, a counter without _total, a missing line feed at the end.</summary>
/// <remarks>https://prometheus.io/docs/instrumenting/exposition_formats/#text-format-details</remarks>
internal static partial class ExpositionParser
{
    private static readonly string[] Types = ["counter", "gauge", "histogram", "summary", "untyped"];

    /// <exception cref="FormatException">The text breaks a rule; the message names the line.</exception>
    public static IReadOnlyDictionary<string, ExpositionFamily> Parse(string text)
    {
        if (!text.EndsWith('\n'))
        {
            throw new FormatException("the last line does not end in a line feed");
        }

        var families = new Dictionary<string, ExpositionFamily>();
        string name = "", type = "", help = "";
        var samples = new Dictionary<string, double>();
        foreach (string line in text[..^1].Split('\n').Append(""))
        {
            Match comment = Comment().Match(line);
            string owner = comment.Success ? comment.Groups["name"].Value : line.Length == 0 ? "" : FamilyOf(line, name, type);
            if (owner != name)
            {
                Close(families, name, type, help, samples);
                (name, type, help, samples) = (owner, "", "", []);
                if (families.ContainsKey(owner))
                {
                    throw new FormatException($"family {owner} stands in two places: {line}");
                }
            }

            if (comment.Success)
            {
                Describe(comment, line, samples.Count > 0, ref type, ref help);
            }
            else if (line.Length > 0)
            {
                Add(line, samples);
            }
        }

        return families;
    }

    private static void Describe(Match comment, string line, bool late, ref string type, ref string help)
    {
        string text = comment.Groups["text"].Value;
        bool isType = comment.Groups["kind"].Value == "TYPE";
        if ((isType ? type : help).Length > 0 || late || (isType && !Types.Contains(text)) || text.Length == 0)
        {
            throw new FormatException($"not allowed here: {line}");
        }

        (type, help) = isType ? (text, help) : (type, text);
    }

    private static void Add(string line, Dictionary<string, double> samples)
    {
        Match sample = Sample().Match(line);
        if (!sample.Success)
        {
            throw new FormatException($"no sample: {line}");
        }

        double value = sample.Groups["value"].Value switch
        {
            "NaN" => double.NaN,
            "+Inf" => double.PositiveInfinity,
            "-Inf" => double.NegativeInfinity,
            string number => double.Parse(number, NumberStyles.Float, CultureInfo.InvariantCulture),
        };
        if (!samples.TryAdd(sample.Groups["series"].Value, value))
        {
            throw new FormatException($"the series stands there twice: {line}");
        }
    }

    private static void Close(
        Dictionary<string, ExpositionFamily> families, string name, string type, string help, Dictionary<string, double> samples)
    {
        if (name.Length == 0)
        {
            return;
        }

        if (type.Length == 0 || help.Length == 0 || samples.Count == 0)
        {
            throw new FormatException($"family {name} lacks TYPE, HELP or samples");
        }

        if (type == "counter" && !name.EndsWith("_total", StringComparison.Ordinal))
        {
            throw new FormatException($"counter {name} does not end in _total");
        }

        families.Add(name, new ExpositionFamily(name, type, help, samples));
    }

    private static string FamilyOf(string line, string current, string type)
    {
        string name = line[..line.IndexOfAny(['{', ' '])];
        return type == "histogram" && Suffix().Replace(name, "") == current ? current : name;
    }

    [GeneratedRegex("^# (?<kind>HELP|TYPE) (?<name>[a-zA-Z_:][a-zA-Z0-9_:]*) (?<text>.*)$")]
    private static partial Regex Comment();

    [GeneratedRegex("""
        ^(?<series>[a-zA-Z_:][a-zA-Z0-9_:]*(\{([a-zA-Z_][a-zA-Z0-9_]*="([^"\\\n]|\\["\\n])*",?)*\})?) (?<value>[-+]?(Inf|NaN|[0-9.]+([eE][-+]?[0-9]+)?))( -?[0-9]+)?$
        """)]
    private static partial Regex Sample();

    [GeneratedRegex("_(bucket|sum|count)$")]
    private static partial Regex Suffix();
}
