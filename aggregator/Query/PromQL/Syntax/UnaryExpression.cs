namespace HostAgent.Aggregator.Query.PromQL.Syntax;

/// <summary><c>-Operand</c> or <c>+Operand</c>.</summary>
internal sealed record UnaryExpression(int Start, bool Negates, Expression Operand) : Expression(Start, Operand.End)
{
    public override ExpressionType Type => Operand.Type;
}
