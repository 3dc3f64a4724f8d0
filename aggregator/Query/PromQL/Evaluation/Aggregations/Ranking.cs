using HostAgent.Aggregator.Query.PromQL.Syntax;

namespace HostAgent.Aggregator.Query.PromQL.Evaluation.Aggregations;

/// <summary>topk, bottomk, limitk: whole series go through, at each step only the best k of each group stay.</summary>
internal static class Ranking
{
    /// <exception cref="QueryExecutionException">The parameter is no count.</exception>
    public static SeriesOperator Evaluate(AggregateExpression aggregate, SeriesOperator input, StepScalars k, Evaluator evaluator)
    {
        int steps = evaluator.Grid.Count;
        int[] limits = Limits(k, steps, input.Series.Count);
        Signatures signatures = Signatures.For(aggregate);
        int[] groups = signatures.Number(input.Series);
        var heaps = new RankHeap?[signatures.Groups.Count, steps];
        var values = new StepValues(steps);
        for (int i = 0; i < groups.Length; i++)
        {
            input.Next(values);
            for (int step = values.From; step < values.To; step++)
            {
                if (StepValues.IsPresent(values[step]) && limits[step] > 0)
                {
                    RankHeap heap = heaps[groups[i], step] ??= new RankHeap(aggregate.Operator, limits[step]);
                    evaluator.Context.Budget.Use(heap.Offer(i, values[step]) ? 1 : 0);
                }
            }
        }

        return Collect(input.Series, heaps, steps);
    }

    private static KeptOperator Collect(IReadOnlyList<Labels> series, RankHeap?[,] heaps, int steps)
    {
        var results = new Dictionary<int, double[]>();
        List<int> order = []; // best first, group by group: the order of an instant query's answer
        for (int group = 0; group < heaps.GetLength(0); group++)
        {
            for (int step = 0; step < steps; step++)
            {
                foreach ((int index, double value) in heaps[group, step]?.BestFirst() ?? [])
                {
                    if (!results.TryGetValue(index, out double[]? values))
                    {
                        values = new double[steps];
                        Array.Fill(values, StepValues.Absent);
                        results.Add(index, values);
                        order.Add(index);
                    }

                    values[step] = value;
                }
            }
        }

        return new KeptOperator([.. order.Select(i => series[i])], [.. order.Select(i => new TrimmedSeries(0, results[i]))]);
    }

    private static int[] Limits(StepScalars k, int steps, int seriesCount)
    {
        double[] wanted = [.. Enumerable.Range(0, steps).Select(step => k[step])];
        if (wanted.Length == 0 || wanted.Max() < 1)
        {
            return new int[steps];
        }

        if (Array.Exists(wanted, double.IsNaN))
        {
            throw new QueryExecutionException("Parameter value is NaN");
        }

        if (wanted.Min() <= long.MinValue || wanted.Max() >= long.MaxValue)
        {
            bool under = wanted.Min() <= long.MinValue;
            throw new QueryExecutionException($"Scalar value {GoText.Number(under ? wanted.Min() : wanted.Max())} {(under ? "under" : "over")}flows int64");
        }

        return [.. wanted.Select(value => (int)Math.Min(Math.Truncate(Math.Max(value, 0)), seriesCount))];
    }
}
