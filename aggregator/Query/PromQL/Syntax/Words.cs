using System.Collections.Frozen;

namespace HostAgent.Aggregator.Query.PromQL.Syntax;

/// <summary>The words of the language. All of them may also be label names, and most of them metric names.</summary>
internal static class Words
{
    private static readonly FrozenDictionary<string, TokenKind> Kinds = Build(
        (TokenKind.Operator, "and or unless atan2"),
        (TokenKind.Aggregator, "sum avg count min max group stddev stdvar topk bottomk count_values quantile limitk limit_ratio"),
        (TokenKind.Keyword, "offset smoothed anchored by without on ignoring group_left group_right bool"),
        (TokenKind.Preprocessor, "start end step range max_of min_of"),
        (TokenKind.Number, "inf nan"));

    private static readonly FrozenSet<string> NotMetrics =
        new[] { "atan2", "on", "ignoring", "group_left", "group_right", "bool" }.ToFrozenSet(StringComparer.OrdinalIgnoreCase);

    /// <summary>The kind of a word, <see cref="TokenKind.Identifier"/> when it is none of ours.</summary>
    public static TokenKind KindOf(string word)
        => Kinds.TryGetValue(word, out TokenKind kind) ? kind : word.Contains(':', StringComparison.Ordinal) ? TokenKind.MetricIdentifier : TokenKind.Identifier;

    /// <summary>Whether the token can name a metric outside quotes.</summary>
    public static bool CanNameMetric(Token token) => token.Kind switch
    {
        TokenKind.Identifier or TokenKind.MetricIdentifier or TokenKind.Aggregator or TokenKind.Preprocessor => true,
        TokenKind.Keyword => !NotMetrics.Contains(token.Text),
        TokenKind.Operator => char.IsAsciiLetter(token.Text[0]) && !NotMetrics.Contains(token.Text),
        _ => false,
    };

    /// <summary>Whether the token can name a label in a grouping clause.</summary>
    public static bool CanNameLabel(Token token) => token.Kind switch
    {
        TokenKind.Identifier or TokenKind.MetricIdentifier or TokenKind.Aggregator or TokenKind.Preprocessor => true,
        TokenKind.Keyword => !token.Is("without"),
        TokenKind.Operator => char.IsAsciiLetter(token.Text[0]),
        _ => false,
    };

    private static FrozenDictionary<string, TokenKind> Build(params (TokenKind Kind, string Words)[] groups)
        => groups.SelectMany(static group => group.Words.Split(' '), static (group, word) => KeyValuePair.Create(word, group.Kind))
            .ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);
}
