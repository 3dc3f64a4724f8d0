namespace HostAgent.Aggregator.Query.PromQL.Syntax;

/// <summary>What a piece of query text is.</summary>
internal enum TokenKind
{
    End,
    Number,
    Duration,
    String,
    Identifier,

    /// <summary>A name with a colon in it: a metric, never a label or a function.</summary>
    MetricIdentifier,
    LeftParen,
    RightParen,
    LeftBrace,
    RightBrace,
    LeftBracket,
    RightBracket,
    Comma,
    Colon,

    /// <summary>A single <c>=</c>.</summary>
    Assign,

    /// <summary>Arithmetic, comparison, matching and set operators, also those written as words.</summary>
    Operator,

    /// <summary><c>sum</c>, <c>topk</c> and the like.</summary>
    Aggregator,

    /// <summary><c>by</c>, <c>offset</c>, <c>group_left</c> and the like.</summary>
    Keyword,

    /// <summary><c>start</c>, <c>end</c>, <c>step</c>, <c>range</c>, <c>min_of</c>, <c>max_of</c>.</summary>
    Preprocessor,
}
