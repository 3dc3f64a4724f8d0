using HostAgent.Aggregator.Query.PromQL.Syntax;

namespace HostAgent.Aggregator.Query.PromQL.Evaluation.Aggregations;

/// <summary>Which operator evaluates which aggregation.</summary>
internal static class AggregationPlan
{
    /// <summary>The operator for <paramref name="aggregate"/>.</summary>
    public static SeriesOperator For(AggregateExpression aggregate, Evaluator evaluator)
    {
        SeriesOperator input = evaluator.Vector(aggregate.Operand);
        Func<int, GroupAccumulator>? accumulator = aggregate.Operator switch
        {
            AggregateOperator.Sum => static steps => new SumAccumulator(steps),
            AggregateOperator.Avg => static steps => new AvgAccumulator(steps),
            AggregateOperator.Count => static steps => new CountAccumulator(steps),
            AggregateOperator.Group => static steps => new FoldAccumulator(steps, static (_, _) => 1, static _ => 1),
            AggregateOperator.Min => static steps => new FoldAccumulator(steps, static (kept, value) => kept > value || double.IsNaN(kept) ? value : kept),
            AggregateOperator.Max => static steps => new FoldAccumulator(steps, static (kept, value) => kept < value || double.IsNaN(kept) ? value : kept),
            AggregateOperator.Stddev => static steps => new VarianceAccumulator(steps, squareRoot: true),
            AggregateOperator.Stdvar => static steps => new VarianceAccumulator(steps, squareRoot: false),
            _ => null,
        };
        if (accumulator is not null)
        {
            return new GroupOperator(input, aggregate, accumulator, evaluator.Context.Budget);
        }

        if (aggregate.Operator == AggregateOperator.CountValues)
        {
            return CountValues.Evaluate(aggregate, input, evaluator);
        }

        StepScalars parameter = evaluator.Scalar(aggregate.Parameter!);
        return aggregate.Operator switch
        {
            AggregateOperator.Quantile => new GroupOperator(
                input, aggregate, steps => new QuantileAccumulator(steps, parameter, evaluator.Context.Budget), evaluator.Context.Budget),
            AggregateOperator.LimitRatio => LimitRatio(input, parameter, evaluator),
            _ => Ranking.Evaluate(aggregate, input, parameter, evaluator),
        };
    }

    // Which series stay depends on their labels alone, so that the same ones stay at every step and in every query.
    private static SampledOperator LimitRatio(SeriesOperator input, StepScalars ratio, Evaluator evaluator)
    {
        for (int step = 0; step < evaluator.Grid.Count; step++)
        {
            if (double.IsNaN(ratio[step]))
            {
                throw new QueryExecutionException("Ratio value is NaN");
            }
        }

        return new SampledOperator(input, ratio);
    }
}
