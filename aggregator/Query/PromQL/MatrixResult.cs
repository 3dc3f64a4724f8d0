using HostAgent.Aggregator.Query.PromQL.Syntax;

namespace HostAgent.Aggregator.Query.PromQL;

/// <summary>Values of each series over time, in order of labels.</summary>
internal sealed record MatrixResult(IReadOnlyList<ResultSeries> Series) : QueryResult(ExpressionType.RangeVector);
