namespace HostAgent.Aggregator.Query.PromQL.Syntax;

/// <summary>The two names that a type has.</summary>
internal static class ExpressionTypeText
{
    /// <summary>As the manual calls it.</summary>
    public static string Documented(this ExpressionType type) => type switch
    {
        ExpressionType.Scalar => "scalar",
        ExpressionType.InstantVector => "instant vector",
        ExpressionType.RangeVector => "range vector",
        _ => "string",
    };

    /// <summary>As answers of the HTTP API call it.</summary>
    public static string Wire(this ExpressionType type) => type switch
    {
        ExpressionType.Scalar => "scalar",
        ExpressionType.InstantVector => "vector",
        ExpressionType.RangeVector => "matrix",
        _ => "string",
    };
}
