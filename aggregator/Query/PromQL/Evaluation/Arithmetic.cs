using HostAgent.Aggregator.Query.PromQL.Syntax;

namespace HostAgent.Aggregator.Query.PromQL.Evaluation;

/// <summary>Binary operators on two numbers.</summary>
internal static class Arithmetic
{
    /// <summary>The result; 0 or 1 for comparisons.</summary>
    public static double Apply(BinaryOperator @operator, double left, double right) => @operator switch
    {
        BinaryOperator.Add => left + right,
        BinaryOperator.Subtract => left - right,
        BinaryOperator.Multiply => left * right,
        BinaryOperator.Divide => left / right,
        BinaryOperator.Modulo => left % right,
        BinaryOperator.Power => Math.Pow(left, right),
        BinaryOperator.Atan2 => Math.Atan2(left, right),
        BinaryOperator.Equal => left == right ? 1 : 0,
        BinaryOperator.NotEqual => left != right ? 1 : 0,
        BinaryOperator.Greater => left > right ? 1 : 0,
        BinaryOperator.Less => left < right ? 1 : 0,
        BinaryOperator.GreaterOrEqual => left >= right ? 1 : 0,
        BinaryOperator.LessOrEqual => left <= right ? 1 : 0,
        _ => throw new ArgumentOutOfRangeException(nameof(@operator)),
    };

    /// <summary>The value of a vector element under the operator, or <see cref="StepValues.Absent"/> when a comparison filters it out.</summary>
    /// <param name="operator">What to do.</param>
    /// <param name="returnBool">Whether a comparison gives 0 or 1 instead of filtering.</param>
    /// <param name="left">Operand.</param>
    /// <param name="right">Operand.</param>
    /// <param name="kept">What a comparison without bool lets through.</param>
    public static double ApplyToElement(BinaryOperator @operator, bool returnBool, double left, double right, double kept)
    {
        double result = Apply(@operator, left, right);
        return !@operator.IsComparison() || returnBool ? result : result != 0 ? kept : StepValues.Absent;
    }

    /// <summary>Whether the result is no longer what the metric name says.</summary>
    public static bool DropsName(BinaryExpression binary) => !binary.Operator.IsComparison() || binary.ReturnBool;
}
