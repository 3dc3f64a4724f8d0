using HostAgent.Aggregator.Query.PromQL.Functions;

namespace HostAgent.Aggregator.Query.PromQL.Syntax;

/// <summary><c>Function(Arguments)</c>.</summary>
internal sealed record CallExpression(int Start, int End, Function Function, IReadOnlyList<Expression> Arguments) : Expression(Start, End)
{
    public override ExpressionType Type => Function.Returns;
}
