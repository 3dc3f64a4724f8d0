using HostAgent.Aggregator.Storage;

namespace HostAgent.Aggregator.Query.PromQL.Syntax;

/// <summary><c>name{matchers} offset 5m @ 10</c>.</summary>
/// <param name="Start">Index of its first character.</param>
/// <param name="End">Index after its last character.</param>
/// <param name="Name">The metric name in front of the braces, or null.</param>
/// <param name="Matchers">All conditions; one for <paramref name="Name"/> is the first.</param>
/// <param name="Shift">offset and @.</param>
internal sealed record VectorSelector(int Start, int End, string? Name, IReadOnlyList<LabelMatcher> Matchers, TimeShift Shift) : Expression(Start, End)
{
    public override ExpressionType Type => ExpressionType.InstantVector;
}
