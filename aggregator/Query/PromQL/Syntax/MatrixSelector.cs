namespace HostAgent.Aggregator.Query.PromQL.Syntax;

/// <summary><c>selector[range]</c>.</summary>
/// <param name="End">Index after its last character.</param>
/// <param name="Selector">Carries the time shift of the whole.</param>
/// <param name="RangeMs">Length of the window, over 0.</param>
internal sealed record MatrixSelector(int End, VectorSelector Selector, long RangeMs) : Expression(Selector.Start, End)
{
    public override ExpressionType Type => ExpressionType.RangeVector;
}
