using HostAgent.Aggregator.Storage;

namespace HostAgent.Aggregator.Query;

/// <summary>A parsed series selector, such as <c>host_cpu_seconds_total{mode!="idle",cpu=~"0|1"}</c>: conditions that all must hold.</summary>
/// <param name="Text">As it was written.</param>
/// <param name="Matchers">The conditions; the metric name, when given in front, is the first.</param>
internal sealed record Selector(string Text, IReadOnlyList<LabelMatcher> Matchers)
{
    /// <summary>Longest selector accepted, in characters.</summary>
    public const int MaxLength = 4096;

    /// <summary>Longest regular expression accepted, in characters: matching takes time in proportion to it.</summary>
    public const int MaxRegexLength = 1000;

    /// <summary>Most conditions in one selector.</summary>
    public const int MaxMatchers = 32;

    /// <summary>Parses the syntax of Prometheus instant vector selectors without offset and @.</summary>
    /// <exception cref="QuerySyntaxException">It is not one; says at which character and what was expected there.</exception>
    public static Selector Parse(string text) => new SelectorParser(text).Parse();
}
