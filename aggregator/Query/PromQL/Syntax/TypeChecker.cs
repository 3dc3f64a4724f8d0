using HostAgent.Aggregator.Query.PromQL.Functions;
using HostAgent.Aggregator.Storage;
using MatchType = HostAgent.Aggregator.Storage.MatchType;

namespace HostAgent.Aggregator.Query.PromQL.Syntax;

/// <summary>Checks what the grammar cannot: types, counts of arguments, matching clauses, selectors that would mean everything.</summary>
internal sealed class TypeChecker
{
    private readonly string _query;

    private TypeChecker(string query) => _query = query;

    /// <exception cref="QuerySyntaxException">The first fault in the order of evaluation.</exception>
    public static void Check(string query, Expression expression) => new TypeChecker(query).Visit(expression);

    private ExpressionType Visit(Expression expression)
    {
        switch (expression)
        {
            case ParenExpression paren:
                Visit(paren.Inner);
                break;
            case UnaryExpression unary when Visit(unary.Operand) is ExpressionType.RangeVector or ExpressionType.String:
                throw Fail(unary, $"unary expression only allowed on expressions of type scalar or instant vector, got {GoText.Quote(unary.Operand.Type.Documented())}");
            case BinaryExpression binary:
                VisitBinary(binary);
                break;
            case AggregateExpression aggregate:
                VisitAggregate(aggregate);
                break;
            case CallExpression call:
                VisitCall(call);
                break;
            case SubqueryExpression sub when Visit(sub.Operand) != ExpressionType.InstantVector:
                throw Fail(sub, $"subquery is only allowed on instant vector, got {sub.Operand.Type.Wire()} instead");
            case MatrixSelector matrix:
                VisitSelector(matrix.Selector);
                break;
            case VectorSelector selector:
                VisitSelector(selector);
                break;
        }

        return expression.Type;
    }

    private void VisitAggregate(AggregateExpression aggregate)
    {
        Expect(aggregate.Operand, ExpressionType.InstantVector, "aggregation expression");
        if (aggregate.Parameter is { } parameter)
        {
            Expect(parameter, aggregate.Operator == AggregateOperator.CountValues ? ExpressionType.String : ExpressionType.Scalar, "aggregation parameter");
        }
    }

    private void VisitCall(CallExpression call)
    {
        Function function = call.Function;
        int given = call.Arguments.Count;
        string name = GoText.Quote(function.Name);
        if (given < function.MinArguments || given > function.MaxArguments)
        {
            throw Fail(call, function.MinArguments == function.MaxArguments
                ? $"expected {function.MinArguments} argument(s) in call to {name}, got {given}"
                : given < function.MinArguments
                    ? $"expected at least {function.MinArguments} argument(s) in call to {name}, got {given}"
                    : $"expected at most {function.MaxArguments} argument(s) in call to {name}, got {given}");
        }

        for (int i = 0; i < given; i++)
        {
            Expect(call.Arguments[i], function.ArgumentTypes[Math.Min(i, function.ArgumentTypes.Count - 1)], $"call to function {name}");
        }
    }

    private void VisitBinary(BinaryExpression binary)
    {
        ExpressionType left = Visit(binary.Left);
        ExpressionType right = Visit(binary.Right);
        VectorMatching matching = binary.Matching;
        if (binary.ReturnBool && !binary.Operator.IsComparison())
        {
            throw FailAtOperator(binary, "bool modifier can only be used on comparison operators");
        }

        if (binary.Operator.IsComparison() && !binary.ReturnBool && left == ExpressionType.Scalar && right == ExpressionType.Scalar)
        {
            throw FailAtOperator(binary, "comparisons between scalars must use BOOL modifier");
        }

        if (matching.On && matching.Labels.FirstOrDefault(matching.Include.Contains) is { } both)
        {
            throw FailAtOperator(binary, $"label {GoText.Quote(both)} must not occur in ON and GROUP clause at once");
        }

        foreach (Expression side in new[] { binary.Left, binary.Right })
        {
            if (side.Type is not (ExpressionType.Scalar or ExpressionType.InstantVector))
            {
                throw Fail(side, "binary expression must contain only scalar and instant vector types");
            }
        }

        if (left == ExpressionType.Scalar || right == ExpressionType.Scalar)
        {
            string? wrong = matching.Labels.Count > 0 ? "vector matching only allowed between instant vectors"
                : binary.Operator.IsSet() ? $"set operator {GoText.Quote(binary.Operator.Text())} not allowed in binary scalar expression" : null;
            if (wrong is not null)
            {
                throw Fail(binary, wrong);
            }
        }
        else if (binary.Operator.IsSet() && matching.Cardinality != VectorCardinality.OneToOne)
        {
            throw Fail(binary, $"no grouping allowed for {GoText.Quote(binary.Operator.Text())} operation");
        }
    }

    private void VisitSelector(VectorSelector selector)
    {
        if (selector.Name is { } name)
        {
            if (selector.Matchers.Skip(1).FirstOrDefault(static m => m.Name == LabelMatcher.MetricName) is { } second)
            {
                throw Fail(selector, $"metric name must not be set twice: {GoText.Quote(name)} or {GoText.Quote(second.Value)}");
            }
        }
        else if (selector.Matchers.All(MatchesAbsent))
        {
            throw Fail(selector, "vector selector must contain at least one non-empty matcher");
        }
    }

    private static bool MatchesAbsent(LabelMatcher matcher) => matcher.Type switch
    {
        MatchType.Equal => matcher.Value.Length == 0,
        MatchType.NotEqual => matcher.Value.Length != 0,
        MatchType.Regex => LabelRegex.Compile(matcher.Value).IsMatch(""),
        _ => !LabelRegex.Compile(matcher.Value).IsMatch(""),
    };

    private void Expect(Expression expression, ExpressionType wanted, string context)
    {
        ExpressionType got = Visit(expression);
        if (got != wanted)
        {
            throw Fail(expression, $"expected type {wanted.Documented()} in {context}, got {got.Documented()}");
        }
    }

    private QuerySyntaxException FailAtOperator(BinaryExpression binary, string message)
    {
        int at = binary.Left.End;
        while (at < _query.Length && char.IsWhiteSpace(_query[at]))
        {
            at++;
        }

        return SyntaxError.At(_query, at, message);
    }

    private QuerySyntaxException Fail(Expression expression, string message) => SyntaxError.At(_query, expression.Start, message);
}
