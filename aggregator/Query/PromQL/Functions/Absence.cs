using HostAgent.Aggregator.Query.PromQL.Evaluation;
using HostAgent.Aggregator.Query.PromQL.Syntax;
using HostAgent.Aggregator.Storage;
using MatchType = HostAgent.Aggregator.Storage.MatchType;

namespace HostAgent.Aggregator.Query.PromQL.Functions;

/// <summary>absent, absent_over_time: 1 where nothing is.</summary>
internal static class Absence
{
    public static SeriesOperator Absent(Evaluator evaluator, CallExpression call)
        => Invert(evaluator.Vector(call.Arguments[0]), call.Arguments[0], evaluator);

    public static SeriesOperator AbsentOverTime(Evaluator evaluator, CallExpression call)
        => Invert(
            new RangeFunctionOperator(evaluator.Range(call.Arguments[0]), evaluator.Grid, static (in _, _) => 1, [], keepsName: true, usesTime: false),
            call.Arguments[0],
            evaluator);

    private static ScalarOperator Invert(SeriesOperator input, Expression argument, Evaluator evaluator)
    {
        double[] result = new double[evaluator.Grid.Count];
        Array.Fill(result, 1);
        var values = new StepValues(result.Length);
        for (int i = 0; i < input.Series.Count; i++)
        {
            input.Next(values);
            for (int step = values.From; step < values.To; step++)
            {
                if (StepValues.IsPresent(values[step]))
                {
                    result[step] = StepValues.Absent;
                }
            }
        }

        return new ScalarOperator(new StepScalars(result), LabelsOf(argument));
    }

    // What a series would have if it were there: the labels that the selector fixes, each once.
    private static Labels LabelsOf(Expression argument)
    {
        IReadOnlyList<LabelMatcher> matchers = argument switch
        {
            VectorSelector selector => selector.Matchers,
            MatrixSelector matrix => matrix.Selector.Matchers,
            _ => [],
        };
        return Labels.From(matchers
            .Where(static matcher => matcher.Name != LabelMatcher.MetricName)
            .GroupBy(static matcher => matcher.Name)
            .Where(static group => group.Count() == 1 && group.First().Type == MatchType.Equal)
            .Select(static group => new LabelPair(group.Key, group.First().Value)));
    }
}
