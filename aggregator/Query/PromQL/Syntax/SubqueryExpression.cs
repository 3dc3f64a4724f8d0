namespace HostAgent.Aggregator.Query.PromQL.Syntax;

/// <summary><c>Operand[range:step]</c>.</summary>
/// <param name="End">Index after its last character.</param>
/// <param name="Operand">Evaluated at every step of the range.</param>
/// <param name="RangeMs">Length of the window, over 0.</param>
/// <param name="StepMs">Distance of evaluations; null: the default.</param>
/// <param name="Shift">offset and @.</param>
internal sealed record SubqueryExpression(int End, Expression Operand, long RangeMs, long? StepMs, TimeShift Shift) : Expression(Operand.Start, End)
{
    public override ExpressionType Type => ExpressionType.RangeVector;
}
