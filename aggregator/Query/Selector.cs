using HostAgent.Aggregator.Query.PromQL.Syntax;
using HostAgent.Aggregator.Storage;

namespace HostAgent.Aggregator.Query;

/// <summary>A parsed series selector, such as <c>host_cpu_seconds_total{mode!="idle",cpu=~"0|1"}</c>: conditions that all must hold.</summary>
/// <param name="Text">As it was written.</param>
/// <param name="Matchers">The conditions; the metric name, when given in front, is the first.</param>
internal sealed record Selector(string Text, IReadOnlyList<LabelMatcher> Matchers)
{
    /// <summary>Longest selector accepted, in characters.</summary>
    public const int MaxLength = 4096;

    /// <summary>Most conditions in one selector.</summary>
    public const int MaxMatchers = 32;

    /// <summary>Parses the syntax of Prometheus instant vector selectors without offset and @.</summary>
    /// <exception cref="QuerySyntaxException">It is not one; says at which character and what was expected there.</exception>
    public static Selector Parse(string text)
    {
        if (text.Length > MaxLength)
        {
            throw new QuerySyntaxException($"the selector has {text.Length} characters, at most {MaxLength} are allowed");
        }

        if (string.IsNullOrWhiteSpace(text))
        {
            throw new QuerySyntaxException("the selector is empty; write a metric name, for example host_load1, or conditions, for example {host=\"web1\"}");
        }

        IReadOnlyList<LabelMatcher> matchers = Parser.ParseSelector(text);
        return matchers.Count <= MaxMatchers ? new Selector(text, matchers) : throw new QuerySyntaxException($"more than {MaxMatchers} conditions");
    }
}
