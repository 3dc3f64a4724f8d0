namespace HostAgent.Aggregator.Query.PromQL.Syntax;

/// <summary>A text in quotes.</summary>
internal sealed record StringLiteral(int Start, int End, string Value) : Expression(Start, End)
{
    public override ExpressionType Type => ExpressionType.String;
}
