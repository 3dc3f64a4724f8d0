using System.Text;

namespace HostAgent.Aggregator.Query.PromQL.Syntax;

/// <summary>Cuts a query into tokens. Which characters are allowed depends on where it is: outside brackets, inside <c>{ }</c>, or inside
/// <c>[ ]</c> before the first number. See https://prometheus.io/docs/prometheus/latest/querying/basics/.</summary>
internal sealed class Lexer(string input)
{
    private int _at;
    private int _parenDepth;
    private bool _braceOpen;
    private bool _bracketOpen;
    private bool _wantsDuration; // inside [ ] until the first number
    private bool _gotColon;

    /// <summary>The next token; <see cref="TokenKind.End"/> again and again at the end.</summary>
    /// <exception cref="QuerySyntaxException">Characters that begin no token.</exception>
    public Token Next()
    {
        SkipSpaceAndComments();
        int start = _at;
        if (_at == input.Length)
        {
            return AtEnd();
        }

        char c = input[_at];
        if (_braceOpen)
        {
            return InBraces(start, c);
        }

        if (char.IsAsciiDigit(c) || (c == '.' && char.IsAsciiDigit(Peek(1))))
        {
            _wantsDuration = false;
            return NumberScanner.Scan(input, ref _at);
        }

        if (_wantsDuration)
        {
            return InDuration(start, c);
        }

        if (IsWordStart(c) || c == ':')
        {
            return _bracketOpen ? InBracket(start, c) : Word(start);
        }

        return c is '"' or '\'' or '`' ? Quoted(start) : Sign(start, c);
    }

    private Token AtEnd()
    {
        string? open = _braceOpen ? "unexpected end of input inside braces"
            : _wantsDuration ? "unexpected end of input in duration expression"
            : _parenDepth != 0 ? "unclosed left parenthesis"
            : _bracketOpen ? "unclosed left bracket" : null;
        return open is null ? new Token(TokenKind.End, _at, "") : throw Fail(_at, open);
    }

    private Token Sign(int start, char c)
    {
        switch (c)
        {
            case '(':
                _parenDepth++;
                return Take(TokenKind.LeftParen, 1);
            case ')':
                _parenDepth--;
                return _parenDepth >= 0 ? Take(TokenKind.RightParen, 1) : throw Fail(start + 1, "unexpected right parenthesis ')'");
            case '{':
                _braceOpen = true;
                return Take(TokenKind.LeftBrace, 1);
            case '[':
                if (_bracketOpen)
                {
                    throw Fail(start, "unexpected left bracket '['");
                }

                (_bracketOpen, _wantsDuration, _gotColon) = (true, true, false);
                return Take(TokenKind.LeftBracket, 1);
            case ']':
                if (!_bracketOpen)
                {
                    throw Fail(start, "unexpected right bracket ']'");
                }

                _bracketOpen = false;
                return Take(TokenKind.RightBracket, 1);
            case ',':
                return Take(TokenKind.Comma, 1);
            case '=' when Peek(1) == '~':
                throw Fail(start, "unexpected character after '=': '~'");
            case '=' when Peek(1) != '=':
                return Take(TokenKind.Assign, 1);
            case '!' when Peek(1) != '=':
                _at++;
                throw Fail(start, $"unexpected character after '!': {GoText.QuoteRune(RuneHere())}");
            case '=' or '!':
            case '<' or '>' when Peek(1) == '=':
                return Take(TokenKind.Operator, 2);
            case '+' or '-' or '*' or '/' or '%' or '^' or '<' or '>' or '@':
                return Take(TokenKind.Operator, 1);
            default:
                throw Fail(start, $"unexpected character: {GoText.QuoteRune(RuneHere())}");
        }
    }

    private Token InBraces(int start, char c)
    {
        switch (c)
        {
            case '}':
                _braceOpen = false;
                return Take(TokenKind.RightBrace, 1);
            case '{':
                throw Fail(start, "unexpected left brace '{'");
            case ',':
                return Take(TokenKind.Comma, 1);
            case '"' or '\'' or '`':
                return Quoted(start);
            case '=' when Peek(1) == '~':
                return Take(TokenKind.Operator, 2);
            case '=':
                return Take(TokenKind.Assign, 1);
            case '!' when Peek(1) is '~' or '=':
                return Take(TokenKind.Operator, 2);
            case '!':
                _at++;
                throw Fail(start, $"unexpected character after '!' inside braces: {GoText.QuoteRune(RuneHere())}");
            default:
                if (!IsWordStart(c))
                {
                    throw Fail(start, $"unexpected character inside braces: {GoText.QuoteRune(RuneHere())}");
                }

                SkipWord();
                return new Token(TokenKind.Identifier, start, input[start.._at]);
        }
    }

    private Token InDuration(int start, char c)
    {
        switch (c)
        {
            case ']':
                (_bracketOpen, _wantsDuration) = (false, false);
                return Take(TokenKind.RightBracket, 1);
            case ':':
                throw Fail(start + 1, "unexpected colon before duration in duration expression");
            case '+' or '-' or '*' or '/' or '%' or '^' or '(' or ')':
                return Sign(start, c);
            default:
                if (IsWordStart(c) && DurationWord(start) is { } word)
                {
                    return word;
                }

                throw Fail(start, $"unexpected character in duration expression: {GoText.QuoteRune(Rune.GetRuneAt(input, start))}");
        }
    }

    private Token InBracket(int start, char c)
    {
        if (c == ':')
        {
            if (_gotColon)
            {
                throw Fail(start, "unexpected colon ':'");
            }

            _gotColon = true;
            return Take(TokenKind.Colon, 1);
        }

        return DurationWord(start) ?? throw Fail(start, $"unexpected character: {GoText.QuoteRune(new Rune(c))}, expected ':'");
    }

    // step, range, min_of, max_of are words inside brackets too.
    private Token? DurationWord(int start)
    {
        SkipWord();
        string word = input[start.._at];
        if (Words.KindOf(word) == TokenKind.Preprocessor && !word.Equals("start", StringComparison.OrdinalIgnoreCase) && !word.Equals("end", StringComparison.OrdinalIgnoreCase))
        {
            return new Token(TokenKind.Preprocessor, start, word);
        }

        _at = start;
        return null;
    }

    private Token Word(int start)
    {
        while (_at < input.Length && (IsWordStart(input[_at]) || char.IsAsciiDigit(input[_at]) || input[_at] == ':'))
        {
            _at++;
        }

        string word = input[start.._at];
        return new Token(Words.KindOf(word), start, word);
    }

    private Token Quoted(int start)
    {
        _ = StringLiteralReader.Read(input, ref _at);
        return new Token(TokenKind.String, start, input[start.._at]);
    }

    private void SkipWord()
    {
        while (_at < input.Length && (IsWordStart(input[_at]) || char.IsAsciiDigit(input[_at])))
        {
            _at++;
        }
    }

    private void SkipSpaceAndComments()
    {
        while (_at < input.Length && input[_at] is ' ' or '\t' or '\n' or '\r' or '#')
        {
            if (input[_at] != '#')
            {
                _at++;
            }
            else if (_wantsDuration)
            {
                return; // no comments before the number in brackets
            }
            else
            {
                int end = input.AsSpan(_at).IndexOfAny('\n', '\r');
                _at = end < 0 ? input.Length : _at + end;
            }
        }
    }

    private Token Take(TokenKind kind, int length)
    {
        _at += length;
        return new Token(kind, _at - length, input.Substring(_at - length, length));
    }

    private char Peek(int ahead) => _at + ahead < input.Length ? input[_at + ahead] : '\0';

    private Rune? RuneHere() => _at == input.Length ? null : Rune.TryGetRuneAt(input, _at, out Rune rune) ? rune : Rune.ReplacementChar;

    private static bool IsWordStart(char c) => char.IsAsciiLetter(c) || c == '_';

    private QuerySyntaxException Fail(int at, string message) => SyntaxError.At(input, at, message);
}
