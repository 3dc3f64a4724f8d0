namespace HostAgent.Aggregator.Query.PromQL.Syntax;

/// <summary><c>Operator by (Grouping) (Parameter, Operand)</c>.</summary>
/// <param name="Start">Index of its first character.</param>
/// <param name="End">Index after its last character.</param>
/// <param name="Operator">Which.</param>
/// <param name="Parameter">Null when the operator takes none.</param>
/// <param name="Operand">The vector.</param>
/// <param name="Grouping">Labels of by or without; empty when neither was written.</param>
/// <param name="Without">Whether groups are made of all labels but <paramref name="Grouping"/>.</param>
internal sealed record AggregateExpression(
    int Start, int End, AggregateOperator Operator, Expression? Parameter, Expression Operand, IReadOnlyList<string> Grouping, bool Without)
    : Expression(Start, End)
{
    public override ExpressionType Type => ExpressionType.InstantVector;
}
