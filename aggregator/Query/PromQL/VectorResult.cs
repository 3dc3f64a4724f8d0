using HostAgent.Aggregator.Query.PromQL.Syntax;

namespace HostAgent.Aggregator.Query.PromQL;

/// <summary>One value of each series, all at the same instant.</summary>
internal sealed record VectorResult(long UnixMs, IReadOnlyList<ResultSample> Samples) : QueryResult(ExpressionType.InstantVector);
