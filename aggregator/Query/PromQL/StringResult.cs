using HostAgent.Aggregator.Query.PromQL.Syntax;

namespace HostAgent.Aggregator.Query.PromQL;

/// <summary>A text.</summary>
internal sealed record StringResult(long UnixMs, string Value) : QueryResult(ExpressionType.String);
