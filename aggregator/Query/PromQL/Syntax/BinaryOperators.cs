namespace HostAgent.Aggregator.Query.PromQL.Syntax;

/// <summary>Spelling, precedence and class of each operator.</summary>
internal static class BinaryOperators
{
    /// <summary>The precedence of <c>*</c>, which unary signs share.</summary>
    public const int MultiplicationPrecedence = 5;

    /// <summary>The precedence of <c>^</c>, the only operator that groups from the right.</summary>
    public const int PowerPrecedence = 6;

    private static readonly (BinaryOperator Operator, string Text, int Precedence)[] All =
    [
        (BinaryOperator.Or, "or", 1),
        (BinaryOperator.And, "and", 2),
        (BinaryOperator.Unless, "unless", 2),
        (BinaryOperator.Equal, "==", 3),
        (BinaryOperator.NotEqual, "!=", 3),
        (BinaryOperator.Greater, ">", 3),
        (BinaryOperator.Less, "<", 3),
        (BinaryOperator.GreaterOrEqual, ">=", 3),
        (BinaryOperator.LessOrEqual, "<=", 3),
        (BinaryOperator.Add, "+", 4),
        (BinaryOperator.Subtract, "-", 4),
        (BinaryOperator.Multiply, "*", MultiplicationPrecedence),
        (BinaryOperator.Divide, "/", MultiplicationPrecedence),
        (BinaryOperator.Modulo, "%", MultiplicationPrecedence),
        (BinaryOperator.Atan2, "atan2", MultiplicationPrecedence),
        (BinaryOperator.Power, "^", PowerPrecedence),
    ];

    /// <summary>The operator that the token spells, and its precedence: higher binds tighter.</summary>
    public static bool TryFrom(Token token, out BinaryOperator found, out int precedence)
    {
        foreach ((BinaryOperator candidate, string text, int itsPrecedence) in All)
        {
            if (token.Kind == TokenKind.Operator && token.Is(text))
            {
                (found, precedence) = (candidate, itsPrecedence);
                return true;
            }
        }

        (found, precedence) = (default, 0);
        return false;
    }

    /// <summary>As it is written.</summary>
    public static string Text(this BinaryOperator @operator) => Array.Find(All, entry => entry.Operator == @operator).Text;

    /// <summary><c>==</c> and the like.</summary>
    public static bool IsComparison(this BinaryOperator @operator) => @operator is >= BinaryOperator.Equal and <= BinaryOperator.LessOrEqual;

    /// <summary><c>and</c>, <c>or</c>, <c>unless</c>.</summary>
    public static bool IsSet(this BinaryOperator @operator) => @operator <= BinaryOperator.Unless;
}
