namespace HostAgent.Aggregator.Query.PromQL.Syntax;

/// <summary>One piece of query text.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Start">Index of its first character.</param>
/// <param name="Text">As written.</param>
internal readonly record struct Token(TokenKind Kind, int Start, string Text)
{
    /// <summary>Index after its last character.</summary>
    public int End => Start + Text.Length;

    /// <summary>True for the word or sign <paramref name="word"/>; words are the same in upper and lower case.</summary>
    public bool Is(string word)
        => Kind is TokenKind.Operator or TokenKind.Aggregator or TokenKind.Keyword or TokenKind.Preprocessor && Text.Equals(word, StringComparison.OrdinalIgnoreCase);

    /// <summary>How error messages speak of it.</summary>
    public string Description => Kind switch
    {
        TokenKind.End => "end of input",
        TokenKind.Number => $"number {Shortened}",
        TokenKind.Duration => $"duration {Shortened}",
        TokenKind.String => $"string {Shortened}",
        TokenKind.Identifier => $"identifier {GoText.Quote(Text)}",
        TokenKind.MetricIdentifier => $"metric identifier {GoText.Quote(Text)}",
        TokenKind.Operator => $"<op:{Text}>",
        TokenKind.Aggregator => $"<aggr:{Text}>",
        TokenKind.Keyword => $"<{Text}>",
        _ => GoText.Quote(Text),
    };

    private string Shortened => Text.Length > 10 ? GoText.Quote(Text[..10]) + "..." : GoText.Quote(Text);
}
