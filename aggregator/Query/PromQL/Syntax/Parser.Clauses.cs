using HostAgent.Aggregator.Query.PromQL.Functions;

namespace HostAgent.Aggregator.Query.PromQL.Syntax;

/// <content>Calls, aggregations and vector matching.</content>
internal sealed partial class Parser
{
    private CallExpression ParseCall(Token name)
    {
        Function? function = FunctionCatalog.Find(name.Text);
        if (function is null)
        {
            Note(name.Start, $"unknown function with name {GoText.Quote(name.Text)}");
        }

        List<Expression> arguments = ParseArguments();
        return new CallExpression(name.Start, _closedAt, function ?? FunctionCatalog.Unknown, arguments);
    }

    private List<Expression> ParseArguments()
    {
        Expect(TokenKind.LeftParen);
        List<Expression> arguments = [];
        if (TryTake(TokenKind.RightParen))
        {
            return arguments;
        }

        arguments.Add(ParseExpression(0));
        while (_token.Kind == TokenKind.Comma)
        {
            Token comma = Take();
            if (_token.Kind is TokenKind.RightParen or TokenKind.Comma)
            {
                Note(comma.Start, "trailing commas not allowed in function call args");
            }
            else
            {
                arguments.Add(ParseExpression(0));
            }
        }

        Expect(TokenKind.RightParen);
        return arguments;
    }

    private AggregateExpression ParseAggregate(Token name)
    {
        _aggregations++;
        AggregateOperator @operator = AggregateOperators.From(name.Text);
        (IReadOnlyList<string> Labels, bool Without)? grouping = TryParseGrouping();
        List<Expression> arguments = ParseArguments();
        _aggregations--;
        grouping ??= TryParseGrouping();

        int wanted = @operator.HasParameter() ? 2 : 1;
        if (arguments.Count == 0)
        {
            throw _first ?? Fail(name.Start, "no arguments for aggregate expression provided");
        }

        if (arguments.Count != wanted)
        {
            throw _first ?? Fail(name.Start, $"wrong number of arguments for aggregate expression provided, expected {wanted}, got {arguments.Count}");
        }

        return new AggregateExpression(
            name.Start, _closedAt, @operator, wanted == 2 ? arguments[0] : null, arguments[^1], grouping?.Labels ?? [], grouping?.Without ?? false);
    }

    private (IReadOnlyList<string> Labels, bool Without)? TryParseGrouping()
    {
        bool without = _token.Is("without");
        if (!without && !_token.Is("by"))
        {
            return null;
        }

        Advance();
        return (ParseGroupingLabels(), without);
    }

    private List<string> ParseGroupingLabels()
    {
        if (!TryTake(TokenKind.LeftParen))
        {
            throw Unexpected("grouping opts", "\"(\"");
        }

        List<string> labels = [];
        while (!TryTake(TokenKind.RightParen))
        {
            labels.Add(ParseGroupingLabel());
            if (!TryTake(TokenKind.Comma) && _token.Kind != TokenKind.RightParen)
            {
                throw Unexpected("grouping opts", "\",\" or \")\"");
            }
        }

        return labels;
    }

    private string ParseGroupingLabel()
    {
        if (_token.Kind == TokenKind.String)
        {
            int start = _token.Start;
            string name = TakeString();
            if (name.Length == 0)
            {
                Note(start, "invalid label name for grouping: \"\"");
            }

            return name;
        }

        return Words.CanNameLabel(_token) ? Take().Text : throw Unexpected("grouping opts", "label");
    }

    private (bool ReturnBool, VectorMatching Matching) ParseMatching()
    {
        bool returnBool = TryTake("bool");
        bool on = _token.Is("on");
        if (!on && !_token.Is("ignoring"))
        {
            return (returnBool, new VectorMatching(VectorCardinality.OneToOne, false, [], []));
        }

        Advance();
        List<string> labels = ParseGroupingLabels();
        VectorCardinality cardinality = _token.Is("group_left") ? VectorCardinality.ManyToOne
            : _token.Is("group_right") ? VectorCardinality.OneToMany : VectorCardinality.OneToOne;
        List<string> include = [];
        if (cardinality != VectorCardinality.OneToOne)
        {
            Advance();
            include = _token.Kind == TokenKind.LeftParen ? ParseGroupingLabels() : include;
        }

        return (returnBool, new VectorMatching(cardinality, on, labels, include));
    }
}
