namespace HostAgent.Aggregator.Query.PromQL.Syntax;

/// <summary>Spelling of the aggregations.</summary>
internal static class AggregateOperators
{
    /// <summary>The operator that a word names, in upper or lower case.</summary>
    public static AggregateOperator From(string word) => Enum.Parse<AggregateOperator>(word.Replace("_", "", StringComparison.Ordinal), ignoreCase: true);

    /// <summary>As it is written.</summary>
    public static string Text(this AggregateOperator @operator) => @operator switch
    {
        AggregateOperator.CountValues => "count_values",
        AggregateOperator.LimitRatio => "limit_ratio",
        _ => @operator.ToString().ToLowerInvariant(),
    };

    /// <summary>Whether it takes a parameter before the vector.</summary>
    public static bool HasParameter(this AggregateOperator @operator) => @operator >= AggregateOperator.Topk;
}
