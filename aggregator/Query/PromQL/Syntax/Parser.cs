using HostAgent.Aggregator.Storage;

namespace HostAgent.Aggregator.Query.PromQL.Syntax;

/// <summary>Recursive descent over a whole query. What is not understood is refused at the character where it stands, in the words of Prometheus.
/// Types are checked afterwards, by <see cref="TypeChecker"/>.</summary>
internal sealed partial class Parser
{
    /// <summary>Longest query accepted, in characters.</summary>
    public const int MaxLength = 64 * 1024;

    /// <summary>Deepest nesting accepted: each level costs stack.</summary>
    public const int MaxDepth = 200;

    /// <summary>Most binary operators, ranges and subqueries in one query, for the same reason.</summary>
    public const int MaxOperators = 500;

    private readonly string _text;
    private readonly Lexer _lexer;
    private Token _token;
    private int _closedAt; // end of the last token consumed
    private int _depth;
    private int _operators;
    private int _aggregations; // how many aggregations are open: errors inside say so
    private QuerySyntaxException? _first;

    private Parser(string text)
    {
        if (text.Length > MaxLength)
        {
            throw SyntaxError.At(text, MaxLength, $"the query has {text.Length} characters, at most {MaxLength} are allowed");
        }

        _text = text;
        _lexer = new Lexer(text);
        _token = _lexer.Next();
    }

    /// <summary>Parses and checks a query.</summary>
    /// <exception cref="QuerySyntaxException">It is none.</exception>
    public static Expression Parse(string query)
    {
        var parser = new Parser(query);
        if (parser._token.Kind == TokenKind.End)
        {
            throw SyntaxError.At(query, 0, "no expression found in input");
        }

        Expression expression = parser.Whole(static p => p.ParseExpression(0));
        TypeChecker.Check(query, expression);
        return expression;
    }

    /// <summary>Parses and checks a selector without range, offset and @.</summary>
    /// <exception cref="QuerySyntaxException">It is none.</exception>
    public static IReadOnlyList<LabelMatcher> ParseSelector(string text)
    {
        VectorSelector selector = new Parser(text).Whole(static p => p.ParseVectorSelector());
        TypeChecker.Check(text, selector);
        return selector.Matchers;
    }

    private T Whole<T>(Func<Parser, T> parse)
    {
        T parsed;
        try
        {
            parsed = parse(this);
            if (_token.Kind != TokenKind.End)
            {
                throw Unexpected();
            }
        }
        catch (QuerySyntaxException) when (_first is not null)
        {
            throw _first;
        }

        return _first is null ? parsed : throw _first;
    }

    private Expression ParseExpression(int minPrecedence)
    {
        if (++_depth > MaxDepth)
        {
            throw Fail(_token.Start, $"the query is nested more than {MaxDepth} levels deep");
        }

        Expression left = ParseUnary();
        while (BinaryOperators.TryFrom(_token, out BinaryOperator @operator, out int precedence) && precedence >= minPrecedence)
        {
            CountOperator();
            Advance();
            (bool returnBool, VectorMatching matching) = ParseMatching();
            Expression right = ParseExpression(precedence == BinaryOperators.PowerPrecedence ? precedence : precedence + 1);
            left = new BinaryExpression(left, @operator, right, returnBool, matching);
        }

        _depth--;
        return left;
    }

    // A sign binds as tightly as *, so -1^2 is -(1^2).
    private Expression ParseUnary()
    {
        if (!IsSign(_token))
        {
            return ParsePostfix(ParsePrimary());
        }

        Token sign = Take();
        Expression operand = ParseExpression(BinaryOperators.PowerPrecedence);
        bool negates = sign.Text == "-";
        return operand is NumberLiteral number
            ? number with { Start = sign.Start, Value = negates ? -number.Value : number.Value }
            : new UnaryExpression(sign.Start, negates, operand);
    }

    private Expression ParsePrimary()
    {
        Token token = _token;
        switch (token.Kind)
        {
            case TokenKind.Number or TokenKind.Duration:
                return ParseNumber();
            case TokenKind.String:
                return new StringLiteral(token.Start, token.End, TakeString());
            case TokenKind.LeftParen:
                Advance();
                Expression inner = ParseExpression(0);
                Expect(TokenKind.RightParen);
                return new ParenExpression(token.Start, _closedAt, inner);
            case TokenKind.LeftBrace:
                return ParseVectorSelector();
            default:
                return ParseNamed();
        }
    }

    // What begins with a word: only the token after it tells a metric from a function or an aggregation.
    private Expression ParseNamed()
    {
        Token name = _token;
        if (!Words.CanNameMetric(name))
        {
            throw Unexpected();
        }

        Advance();
        if (name.Kind == TokenKind.Aggregator && (_token.Kind == TokenKind.LeftParen || _token.Is("by") || _token.Is("without")))
        {
            return ParseAggregate(name);
        }

        return _token.Kind == TokenKind.LeftParen && name.Kind is TokenKind.Identifier or TokenKind.Preprocessor
            ? ParseCall(name)
            : ParseVectorSelector(name);
    }

    private NumberLiteral ParseNumber()
    {
        Token token = Take();
        bool isDuration = token.Kind == TokenKind.Duration;
        double value = 0;
        try
        {
            value = isDuration ? DurationLiteral.Seconds(token.Text) : NumberScanner.Value(token.Text);
        }
        catch (FormatException e)
        {
            Note(token.Start, isDuration ? e.Message : $"error parsing number: {e.Message}");
        }

        return new NumberLiteral(token.Start, token.End, value, isDuration);
    }

    private void CountOperator()
    {
        if (++_operators > MaxOperators)
        {
            throw Fail(_token.Start, $"the query has more than {MaxOperators} operators");
        }
    }

    private static bool IsSign(Token token) => token.Kind == TokenKind.Operator && token.Text is "+" or "-";

    private Token Take()
    {
        Token taken = _token;
        Advance();
        return taken;
    }

    private string TakeString()
    {
        int at = _token.Start;
        string value = StringLiteralReader.Read(_text, ref at);
        Advance();
        return value;
    }

    private void Advance()
    {
        _closedAt = _token.End;
        _token = _lexer.Next();
    }

    private bool TryTake(TokenKind kind)
    {
        if (_token.Kind != kind)
        {
            return false;
        }

        Advance();
        return true;
    }

    private bool TryTake(string word)
    {
        if (!_token.Is(word))
        {
            return false;
        }

        Advance();
        return true;
    }

    private void Expect(TokenKind kind)
    {
        if (!TryTake(kind))
        {
            throw Unexpected();
        }
    }

    private QuerySyntaxException Unexpected(string? context = null, string? expected = null)
    {
        context ??= _aggregations > 0 ? "aggregation" : null;
        string where = context is null ? "" : $" in {context}";
        string wanted = expected is null ? "" : $", expected {expected}";
        return Fail(_token.Start, $"unexpected {_token.Description}{where}{wanted}");
    }

    // An error that does not stop the parse: a later one that is met first by the reader of the text does not hide it.
    private void Note(int at, string message) => _first ??= Fail(at, message);

    private QuerySyntaxException Fail(int at, string message) => SyntaxError.At(_text, at, message);
}
