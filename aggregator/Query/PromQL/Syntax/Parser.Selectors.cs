using HostAgent.Aggregator.Storage;
using MatchType = HostAgent.Aggregator.Storage.MatchType;

namespace HostAgent.Aggregator.Query.PromQL.Syntax;

/// <content>Vector selectors.</content>
internal sealed partial class Parser
{
    private VectorSelector ParseVectorSelector()
    {
        if (_token.Kind == TokenKind.LeftBrace)
        {
            return ParseVectorSelector(null);
        }

        return Words.CanNameMetric(_token) ? ParseVectorSelector(Take()) : throw Unexpected();
    }

    private VectorSelector ParseVectorSelector(Token? name)
    {
        int start = name?.Start ?? _token.Start;
        List<LabelMatcher> matchers = [];
        if (name is { } metric)
        {
            matchers.Add(new LabelMatcher(LabelMatcher.MetricName, MatchType.Equal, metric.Text));
        }

        if (TryTake(TokenKind.LeftBrace))
        {
            while (!TryTake(TokenKind.RightBrace))
            {
                matchers.Add(ParseMatcher());
                if (!TryTake(TokenKind.Comma) && _token.Kind != TokenKind.RightBrace)
                {
                    throw Unexpected("label matching", "\",\" or \"}\"");
                }
            }
        }

        return new VectorSelector(start, _closedAt, name?.Text, matchers, default);
    }

    private LabelMatcher ParseMatcher()
    {
        Token label = _token;
        bool quoted = label.Kind == TokenKind.String;
        if (!quoted && label.Kind != TokenKind.Identifier)
        {
            throw Unexpected("label matching", "identifier or \"}\"");
        }

        string name = quoted ? TakeString() : Take().Text;
        if (MatchTypeOf(_token) is not { } type)
        {
            // A name in quotes alone is the metric.
            return quoted && _token.Kind is TokenKind.Comma or TokenKind.RightBrace
                ? new LabelMatcher(LabelMatcher.MetricName, MatchType.Equal, name)
                : throw Unexpected("label matching", quoted ? "\",\" or \"}\"" : "label matching operator");
        }

        Advance();
        if (_token.Kind != TokenKind.String)
        {
            throw Unexpected("label matching", "string");
        }

        string value = TakeString();
        if (type is MatchType.Regex or MatchType.NotRegex && LabelRegex.Problem(value) is { } problem)
        {
            Note(label.Start, $"error parsing regexp: {problem}");
        }

        return new LabelMatcher(name, type, value);
    }

    private static MatchType? MatchTypeOf(Token token) => token.Kind switch
    {
        TokenKind.Assign => MatchType.Equal,
        TokenKind.Operator => token.Text switch
        {
            "!=" => MatchType.NotEqual,
            "=~" => MatchType.Regex,
            "!~" => MatchType.NotRegex,
            _ => null,
        },
        _ => null,
    };
}
