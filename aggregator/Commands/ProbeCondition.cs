using System.Globalization;
using System.Text.RegularExpressions;
using HostAgent.Aggregator.Query;

namespace HostAgent.Aggregator.Commands;

/// <summary>What must hold: <c>hosts-up</c> (every host of the batches so far is up), or a condition over newest values such as
/// <c>probe_success{job="shop"} == 1</c>. A condition that selects nothing does not hold: no data is not good news.</summary>
internal sealed partial record ProbeCondition(string Text, Selector? Selector, string Operator, double Value)
{
    /// <summary>The condition that needs no series.</summary>
    public const string HostsUp = "hosts-up";

    /// <summary>A sample older than this says nothing about now.</summary>
    public static readonly TimeSpan MaxAge = TimeSpan.FromMinutes(1);

    /// <exception cref="CommandException">It is no condition.</exception>
    public static ProbeCondition Parse(string text)
    {
        if (text.Trim() == HostsUp)
        {
            return new ProbeCondition(text, null, "", 0);
        }

        Match match = Form().Match(text);
        if (!match.Success || !double.TryParse(match.Groups[3].Value, NumberStyles.Float, CultureInfo.InvariantCulture, out double value))
        {
            throw CommandException.Invalid(
                "probe", $"\"{text}\" is no condition; write {HostsUp}, or a selector, one of == != < <= > >= and a number, for example probe_success == 1.");
        }

        try
        {
            return new ProbeCondition(text, Query.Selector.Parse(match.Groups[1].Value), match.Groups[2].Value, value);
        }
        catch (QuerySyntaxException e)
        {
            throw CommandException.Invalid("probe", $"The selector of the condition \"{text}\" is wrong: {e.Message}.");
        }
    }

    /// <summary>Null when it holds for every selected series, otherwise what speaks against it.</summary>
    public string? Against(QueryEngine engine, long nowUnixMs)
    {
        IReadOnlyList<LatestSample> samples = engine.Latest(Selector!, nowUnixMs - (long)MaxAge.TotalMilliseconds, nowUnixMs);
        if (samples.Count == 0)
        {
            return $"{Selector!.Text} has no sample of the last minute";
        }

        LatestSample? against = samples.FirstOrDefault(sample => !Holds(sample.Value));
        return against is null
            ? null
            : string.Create(CultureInfo.InvariantCulture, $"{against.Series.Metric}{{{string.Join(',', against.Series.Labels.Select(static l => $"{l.Name}=\"{l.Value}\""))}}} is {against.Value}");
    }

    private bool Holds(double value) => Operator switch
    {
        "==" => value == Value,
        "!=" => value != Value,
        "<" => value < Value,
        "<=" => value <= Value,
        ">" => value > Value,
        _ => value >= Value,
    };

    [GeneratedRegex(@"^\s*(.+?)\s*(==|!=|<=|>=|<|>)\s*([-+0-9.eE]+)\s*$", RegexOptions.CultureInvariant)]
    private static partial Regex Form();
}
