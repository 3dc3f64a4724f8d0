namespace HostAgent.Aggregator.Query.PromQL.Syntax;

/// <summary>Operators that make one vector of a larger one.</summary>
internal enum AggregateOperator
{
    Sum,
    Avg,
    Count,
    Min,
    Max,
    Group,
    Stddev,
    Stdvar,
    Topk,
    Bottomk,
    CountValues,
    Quantile,
    Limitk,
    LimitRatio,
}
