using HostAgent.Aggregator.Query.PromQL.Syntax;

namespace HostAgent.Aggregator.Query.PromQL;

/// <summary>A number.</summary>
internal sealed record ScalarResult(long UnixMs, double Value) : QueryResult(ExpressionType.Scalar);
