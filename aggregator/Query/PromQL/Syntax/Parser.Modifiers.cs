namespace HostAgent.Aggregator.Query.PromQL.Syntax;

/// <content>What may follow an expression: ranges, subqueries, offset and @.</content>
internal sealed partial class Parser
{
    private const string NoDurationExpressions = "experimental duration expression is not enabled";

    private Expression ParsePostfix(Expression expression)
    {
        while (true)
        {
            if (_token.Kind == TokenKind.LeftBracket)
            {
                expression = ParseBrackets(expression);
            }
            else if (TryTake("offset"))
            {
                expression = ParseOffset(expression);
            }
            else if (TryTake("@"))
            {
                expression = ParseAt(expression);
            }
            else if (_token.Is("anchored") || _token.Is("smoothed"))
            {
                throw _first ?? Fail(expression.Start, $"{_token.Text.ToLowerInvariant()} modifier is experimental and not enabled");
            }
            else
            {
                return expression;
            }
        }
    }

    private Expression ParseBrackets(Expression operand)
    {
        CountOperator();
        Token open = Take();
        long rangeMs = ParsePositiveDuration("subquery or range selector", "number, duration, step(), or range()");
        if (TryTake(TokenKind.Colon))
        {
            long? stepMs = _token.Kind == TokenKind.RightBracket ? null
                : ParsePositiveDuration("subquery selector", "number, duration, step(), range(), or \"]\"");
            if (!TryTake(TokenKind.RightBracket))
            {
                throw Unexpected("subquery selector", "\"]\"");
            }

            return new SubqueryExpression(_closedAt, operand, rangeMs, stepMs, default);
        }

        if (!TryTake(TokenKind.RightBracket))
        {
            throw Unexpected("subquery or range", "\":\" or \"]\"");
        }

        var selector = operand as VectorSelector;
        string? wrong = selector is null ? "ranges only allowed for vector selectors"
            : selector.Shift.OffsetMs != 0 ? "no offset modifiers allowed before range"
            : selector.Shift.IsFixed ? "no @ modifiers allowed before range" : null;
        return wrong is null ? new MatrixSelector(_closedAt, selector!, rangeMs) : throw _first ?? Fail(open.Start, wrong);
    }

    private long ParsePositiveDuration(string context, string expected)
    {
        bool signed = IsSign(_token);
        int start = _token.Start;
        bool negative = signed && Take().Text == "-";
        if (_token.Kind is TokenKind.LeftParen or TokenKind.Preprocessor)
        {
            throw _first ?? Fail(start, NoDurationExpressions);
        }

        if (_token.Kind is not (TokenKind.Number or TokenKind.Duration))
        {
            throw Unexpected(context, expected);
        }

        double seconds = ParseNumber().Value;
        if (_token.Kind == TokenKind.Operator)
        {
            throw _first ?? Fail(start, NoDurationExpressions);
        }

        if (negative || !(seconds > 0))
        {
            Note(start, "duration must be greater than 0");
        }

        return Milliseconds(start, seconds);
    }

    private Expression ParseOffset(Expression expression)
    {
        int start = _token.Start;
        bool negative = IsSign(_token) && Take().Text == "-";
        if (_token.Kind is TokenKind.LeftParen or TokenKind.Preprocessor)
        {
            throw _first ?? Fail(start, NoDurationExpressions);
        }

        if (_token.Kind is not (TokenKind.Number or TokenKind.Duration))
        {
            throw Unexpected("offset", "number, duration, step(), or range()");
        }

        long ms = Milliseconds(start, ParseNumber().Value);
        if (ShiftOf(expression) is not { } shift)
        {
            throw _first ?? Fail(expression.Start, "offset modifier must be preceded by an instant vector selector or range vector selector or a subquery");
        }

        if (shift.OffsetMs != 0)
        {
            Note(expression.Start, "offset may not be set multiple times");
        }

        return WithShift(expression, shift with { OffsetMs = negative ? -ms : ms });
    }

    private Expression ParseAt(Expression expression)
    {
        bool negative = IsSign(_token) && Take().Text == "-";
        long? unixMs = null;
        QueryBound? bound = null;
        if (_token.Kind is TokenKind.Number or TokenKind.Duration)
        {
            double seconds = ParseNumber().Value * (negative ? -1 : 1);
            if (!double.IsFinite(seconds) || Math.Abs(seconds * 1000) >= long.MaxValue)
            {
                throw _first ?? Fail(expression.Start, $"timestamp out of bounds for @ modifier: {GoText.Number(seconds)}");
            }

            unixMs = (long)Math.Round(seconds * 1000, MidpointRounding.AwayFromZero);
        }
        else if (!negative && (_token.Is("start") || _token.Is("end")))
        {
            bound = Take().Is("start") ? QueryBound.Start : QueryBound.End;
            if (!TryTake(TokenKind.LeftParen) || !TryTake(TokenKind.RightParen))
            {
                throw Unexpected("@", "timestamp");
            }
        }
        else
        {
            throw Unexpected("@", "timestamp");
        }

        if (ShiftOf(expression) is not { } shift)
        {
            throw _first ?? Fail(expression.Start, "@ modifier must be preceded by an instant vector selector or range vector selector or a subquery");
        }

        if (shift.IsFixed)
        {
            Note(expression.Start, "@ <timestamp> may not be set multiple times");
        }

        return WithShift(expression, shift with { AtUnixMs = unixMs, AtBound = bound });
    }

    private static TimeShift? ShiftOf(Expression expression) => expression switch
    {
        VectorSelector selector => selector.Shift,
        MatrixSelector matrix => matrix.Selector.Shift,
        SubqueryExpression sub => sub.Shift,
        _ => null,
    };

    private Expression WithShift(Expression expression, TimeShift shift) => expression switch
    {
        VectorSelector selector => selector with { Shift = shift, End = _closedAt },
        MatrixSelector matrix => matrix with { Selector = matrix.Selector with { Shift = shift }, End = _closedAt },
        SubqueryExpression sub => sub with { Shift = shift, End = _closedAt },
        _ => expression,
    };

    private long Milliseconds(int at, double seconds)
    {
        if (!(Math.Abs(seconds) <= DurationLiteral.MaxSeconds))
        {
            Note(at, "duration out of range");
            return 1;
        }

        return (long)Math.Round(seconds * 1000, MidpointRounding.AwayFromZero);
    }
}
