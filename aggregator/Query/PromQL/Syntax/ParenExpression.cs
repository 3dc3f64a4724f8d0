namespace HostAgent.Aggregator.Query.PromQL.Syntax;

/// <summary><c>( Inner )</c>.</summary>
internal sealed record ParenExpression(int Start, int End, Expression Inner) : Expression(Start, End)
{
    public override ExpressionType Type => Inner.Type;
}
