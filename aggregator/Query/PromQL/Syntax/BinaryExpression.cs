namespace HostAgent.Aggregator.Query.PromQL.Syntax;

/// <summary><c>Left Operator Right</c>.</summary>
/// <param name="Left">Operand.</param>
/// <param name="Operator">Which.</param>
/// <param name="Right">Operand.</param>
/// <param name="ReturnBool">The modifier <c>bool</c>: 0 or 1 instead of filtering.</param>
/// <param name="Matching">What the modifiers on, ignoring, group_left and group_right say.</param>
internal sealed record BinaryExpression(Expression Left, BinaryOperator Operator, Expression Right, bool ReturnBool, VectorMatching Matching)
    : Expression(Left.Start, Right.End)
{
    public override ExpressionType Type
        => Left.Type == ExpressionType.Scalar && Right.Type == ExpressionType.Scalar ? ExpressionType.Scalar : ExpressionType.InstantVector;
}
