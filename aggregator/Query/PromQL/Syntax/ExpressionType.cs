namespace HostAgent.Aggregator.Query.PromQL.Syntax;

/// <summary>What an expression gives.</summary>
internal enum ExpressionType
{
    Scalar,
    InstantVector,
    RangeVector,
    String,
}
