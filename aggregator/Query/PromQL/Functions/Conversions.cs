using HostAgent.Aggregator.Query.PromQL.Evaluation;
using HostAgent.Aggregator.Query.PromQL.Syntax;

namespace HostAgent.Aggregator.Query.PromQL.Functions;

/// <summary>Between vectors, scalars and times.</summary>
internal static class Conversions
{
    /// <summary>scalar: the value of a vector of one series, NaN of any other.</summary>
    public static StepScalars Scalar(Evaluator evaluator, CallExpression call)
    {
        SeriesOperator input = evaluator.Vector(call.Arguments[0]);
        int steps = evaluator.Grid.Count;
        evaluator.Context.Budget.Use(steps);
        double[] result = new double[steps];
        int[] found = new int[steps];
        var values = new StepValues(steps);
        for (int i = 0; i < input.Series.Count; i++)
        {
            input.Next(values);
            for (int step = values.From; step < values.To; step++)
            {
                if (StepValues.IsPresent(values[step]))
                {
                    found[step]++;
                    result[step] = values[step];
                }
            }
        }

        for (int step = 0; step < steps; step++)
        {
            result[step] = found[step] == 1 ? result[step] : double.NaN;
        }

        return new StepScalars(result);
    }

    /// <summary>max_of, min_of.</summary>
    public static StepScalars Combine(Evaluator evaluator, CallExpression call, Func<double, double, double> body)
    {
        StepScalars left = evaluator.Scalar(call.Arguments[0]);
        StepScalars right = evaluator.Scalar(call.Arguments[1]);
        return new StepScalars([.. Enumerable.Range(0, evaluator.Grid.Count).Select(step => body(left[step], right[step]))]);
    }

    /// <summary>timestamp: when a selected sample was taken; for anything else, the step.</summary>
    public static SeriesOperator Timestamp(Evaluator evaluator, CallExpression call)
    {
        if (call.Arguments[0].Unwrapped is VectorSelector selector)
        {
            return new RelabelOperator(
                new SelectorOperator(selector, evaluator.Grid, evaluator.Context, timestamps: true), static labels => labels.WithoutName());
        }

        StepGrid grid = evaluator.Grid;
        return new MapOperator(evaluator.Vector(call.Arguments[0]), keepsName: false, (_, step) => grid[step] / 1000.0);
    }
}
