namespace HostAgent.Aggregator.Query.PromQL.Syntax;

/// <summary><c>5</c>, <c>0x1f</c>, <c>Inf</c>, or <c>5m</c>, which is 300.</summary>
/// <param name="Start">Index of its first character.</param>
/// <param name="End">Index after its last character.</param>
/// <param name="Value">The number; seconds for a duration.</param>
/// <param name="IsDuration">Whether it was written with a unit.</param>
internal sealed record NumberLiteral(int Start, int End, double Value, bool IsDuration) : Expression(Start, End)
{
    public override ExpressionType Type => ExpressionType.Scalar;
}
