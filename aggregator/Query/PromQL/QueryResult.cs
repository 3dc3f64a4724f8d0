using HostAgent.Aggregator.Query.PromQL.Syntax;

namespace HostAgent.Aggregator.Query.PromQL;

/// <summary>What a query gives.</summary>
/// <param name="Type">Which of the four.</param>
internal abstract record QueryResult(ExpressionType Type);
