using HostAgent.Aggregator.Query.PromQL.Evaluation;
using HostAgent.Aggregator.Query.PromQL.Syntax;

namespace HostAgent.Aggregator.Query.PromQL.Functions;

/// <summary>Makes entries of <see cref="FunctionCatalog"/>, one method per kind of function.</summary>
internal static class FunctionKinds
{
    /// <summary>What a function makes of one value, given its scalar arguments at that step; may be <see cref="StepValues.Absent"/>.</summary>
    internal delegate double MapBody(double value, ReadOnlySpan<double> scalars);

    /// <summary>A function of each value alone.</summary>
    public static Function Map(string name, Func<double, double> body) => Map(name, 0, 0, (value, _) => body(value));

    /// <summary>A function of each value and of scalar arguments.</summary>
    public static Function Map(string name, int minScalars, int maxScalars, MapBody body)
        => Vector(name, [ExpressionType.InstantVector, .. Enumerable.Repeat(ExpressionType.Scalar, maxScalars)], minScalars + 1, maxScalars + 1, (evaluator, call) =>
        {
            SeriesOperator input = evaluator.Vector(call.Arguments[0]);
            StepScalars[] scalars = [.. call.Arguments.Skip(1).Select(evaluator.Scalar)];
            double[] now = new double[scalars.Length];
            return new MapOperator(input, keepsName: false, (value, step) =>
            {
                for (int i = 0; i < now.Length; i++)
                {
                    now[i] = scalars[i][step];
                }

                return body(value, now);
            });
        });

    /// <summary>A function of a date: of each value as unix seconds, of the step itself when there is no argument.</summary>
    public static Function Date(string name, Func<UtcDate, double> body)
        => Vector(name, [ExpressionType.InstantVector], 0, 1, (evaluator, call) => new MapOperator(
            call.Arguments.Count > 0 ? evaluator.Vector(call.Arguments[0]) : new ScalarOperator(Times(evaluator), Labels.Empty),
            keepsName: false,
            (value, _) => UtcDate.TryFromUnixSeconds(value, out UtcDate date) ? body(date) : double.NaN));

    /// <summary>A function of a window of samples; <paramref name="keepsName"/> when its values are still those of the metric.</summary>
    public static Function Window(string name, RangeFunctionBody body, bool keepsName = false)
        => Window(name, [ExpressionType.RangeVector], body, keepsName);

    /// <summary>A function of a window of samples and of scalars.</summary>
    /// <param name="name">As it is written.</param>
    /// <param name="arguments">The order of writing.</param>
    /// <param name="body">The function.</param>
    /// <param name="keepsName">Whether the values are still those of the metric.</param>
    /// <param name="usesTime">Whether the result for one window depends on the step.</param>
    public static Function Window(
        string name, IReadOnlyList<ExpressionType> arguments, RangeFunctionBody body, bool keepsName = false, bool usesTime = false)
        => Vector(name, arguments, arguments.Count, arguments.Count, (evaluator, call) =>
        {
            int range = arguments.ToList().IndexOf(ExpressionType.RangeVector);
            StepScalars[] scalars = [.. call.Arguments.Where((_, i) => i != range).Select(evaluator.Scalar)];
            return MergeOperator.IfNeeded(
                new RangeFunctionOperator(evaluator.Range(call.Arguments[range]), evaluator.Grid, body, scalars, keepsName, usesTime),
                evaluator.Context.Budget,
                exclusive: true);
        });

    /// <summary>A function with an evaluator of its own.</summary>
    public static Function Vector(
        string name, IReadOnlyList<ExpressionType> arguments, int min, int max, Func<Evaluator, CallExpression, SeriesOperator> evaluate)
        => new(name, ExpressionType.InstantVector, arguments, min, max) { Vector = evaluate };

    /// <summary>A function with a fixed number of arguments and an evaluator of its own.</summary>
    public static Function Vector(string name, IReadOnlyList<ExpressionType> arguments, Func<Evaluator, CallExpression, SeriesOperator> evaluate)
        => Vector(name, arguments, arguments.Count, arguments.Count, evaluate);

    /// <summary>A function that gives a scalar.</summary>
    public static Function Scalar(string name, IReadOnlyList<ExpressionType> arguments, Func<Evaluator, CallExpression, StepScalars> evaluate)
        => new(name, ExpressionType.Scalar, arguments, arguments.Count, arguments.Count) { Scalar = evaluate };

    /// <summary>The steps in unix seconds.</summary>
    public static StepScalars Times(Evaluator evaluator)
        => new([.. Enumerable.Range(0, evaluator.Grid.Count).Select(step => evaluator.Grid[step] / 1000.0)]);
}
