using HostAgent.Aggregator.Query.PromQL.Syntax;

namespace HostAgent.Aggregator.Query.PromQL.Evaluation;

/// <summary>Turns expressions into operators that give their values on one grid.</summary>
internal sealed class Evaluator(EvaluationContext context, StepGrid grid)
{
    /// <summary>What is the same in all parts of the query.</summary>
    public EvaluationContext Context => context;

    /// <summary>The steps.</summary>
    public StepGrid Grid => grid;

    /// <summary>The series of an instant vector expression, whose labels all differ.</summary>
    public SeriesOperator Vector(Expression expression)
    {
        context.Budget.Check();
        return expression switch
        {
            ParenExpression paren => Vector(paren.Inner),
            VectorSelector selector => new SelectorOperator(selector, grid, context),
            UnaryExpression unary => unary.Negates ? Map(Vector(unary.Operand), keepsName: false, static (value, _) => -value) : Vector(unary.Operand),
            BinaryExpression binary => Binary(binary),
            AggregateExpression aggregate => Aggregations.AggregationPlan.For(aggregate, this),
            CallExpression call => MergeOperator.IfNeeded(call.Function.Vector!(this, call), context.Budget),
            _ => throw new ArgumentOutOfRangeException(nameof(expression)),
        };
    }

    /// <summary>The values of a scalar expression.</summary>
    public StepScalars Scalar(Expression expression) => expression switch
    {
        NumberLiteral number => new StepScalars(number.Value),
        ParenExpression paren => Scalar(paren.Inner),
        UnaryExpression unary => unary.Negates ? Combine(Scalar(unary.Operand), default, static (value, _) => -value) : Scalar(unary.Operand),
        BinaryExpression binary => Combine(Scalar(binary.Left), Scalar(binary.Right), (left, right) => Arithmetic.Apply(binary.Operator, left, right)),
        CallExpression call => call.Function.Scalar!(this, call),
        _ => throw new ArgumentOutOfRangeException(nameof(expression)),
    };

    /// <summary>The samples of a range vector expression.</summary>
    public RangeSource Range(Expression expression) => expression.Unwrapped switch
    {
        MatrixSelector matrix => new MatrixSource(matrix, grid, context),
        SubqueryExpression subquery => new SubquerySource(subquery, grid, context),
        _ => throw new ArgumentOutOfRangeException(nameof(expression)),
    };

    /// <summary>The text of a string expression.</summary>
    public static string Text(Expression expression) => ((StringLiteral)expression.Unwrapped).Value;

    /// <summary>Changes values one by one, and merges what has become equal by that.</summary>
    public SeriesOperator Map(SeriesOperator input, bool keepsName, Func<double, int, double> body)
        => MergeOperator.IfNeeded(new MapOperator(input, keepsName, body), context.Budget);

    private SeriesOperator Binary(BinaryExpression binary)
    {
        bool keepsName = !Arithmetic.DropsName(binary);
        if (binary.Right.Type == ExpressionType.Scalar)
        {
            StepScalars right = Scalar(binary.Right);
            return Map(Vector(binary.Left), keepsName,
                (value, step) => Arithmetic.ApplyToElement(binary.Operator, binary.ReturnBool, value, right[step], kept: value));
        }

        if (binary.Left.Type == ExpressionType.Scalar)
        {
            StepScalars left = Scalar(binary.Left);
            return Map(Vector(binary.Right), keepsName,
                (value, step) => Arithmetic.ApplyToElement(binary.Operator, binary.ReturnBool, left[step], value, kept: value));
        }

        SeriesOperator leftSeries = Vector(binary.Left);
        SeriesOperator rightSeries = Vector(binary.Right);
        return binary.Operator.IsSet()
            ? MergeOperator.IfNeeded(new SetOperator(binary, leftSeries, rightSeries), context.Budget)
            : new VectorMatchOperator(binary, leftSeries, rightSeries, grid.Count, context.Budget);
    }

    private StepScalars Combine(StepScalars left, StepScalars right, Func<double, double, double> body)
    {
        if (left.IsConstant && right.IsConstant)
        {
            return new StepScalars(body(left[0], right[0]));
        }

        context.Budget.Use(grid.Count);
        double[] result = new double[grid.Count];
        for (int step = 0; step < result.Length; step++)
        {
            result[step] = body(left[step], right[step]);
        }

        return new StepScalars(result);
    }
}
