using HostAgent.Aggregator.Query.PromQL.Syntax;

namespace HostAgent.Aggregator.Query.PromQL.Evaluation.Aggregations;

/// <summary>count_values: one series per value that occurs.</summary>
internal static class CountValues
{
    /// <exception cref="QueryExecutionException">The parameter is no label name.</exception>
    public static SeriesOperator Evaluate(AggregateExpression aggregate, SeriesOperator input, Evaluator evaluator)
    {
        string label = Evaluator.Text(aggregate.Parameter!);
        if (label.Length == 0)
        {
            throw new QueryExecutionException($"invalid label name {GoText.Quote(label)}");
        }

        // The label of the value is grouped by too, unless by and without say otherwise.
        IReadOnlyList<string> grouping = aggregate.Without || aggregate.Grouping.Contains(label) ? aggregate.Grouping : [.. aggregate.Grouping, label];
        AggregateExpression grouped = aggregate with { Grouping = grouping };
        var results = new Dictionary<Labels, double[]>();
        List<Labels> order = [];
        var values = new StepValues(evaluator.Grid.Count);
        foreach (Labels series in input.Series)
        {
            input.Next(values);
            var targets = new Dictionary<double, double[]>();
            for (int step = values.From; step < values.To; step++)
            {
                double value = values[step];
                if (StepValues.IsPresent(value))
                {
                    if (!targets.TryGetValue(value, out double[]? counts))
                    {
                        counts = Target(Key(grouped, series.With(label, GoText.Number(value))), results, order, evaluator);
                        targets.Add(value, counts);
                    }

                    counts[step] = StepValues.IsPresent(counts[step]) ? counts[step] + 1 : 1;
                }
            }
        }

        return new KeptOperator(order, [.. order.Select(labels => new TrimmedSeries(0, results[labels]))]);
    }

    private static Labels Key(AggregateExpression aggregate, Labels labels)
        => aggregate.Without ? labels.WithoutNameAnd(aggregate.Grouping) : labels.Keep(aggregate.Grouping);

    private static double[] Target(Labels key, Dictionary<Labels, double[]> results, List<Labels> order, Evaluator evaluator)
    {
        if (!results.TryGetValue(key, out double[]? counts))
        {
            evaluator.Context.Budget.Use(evaluator.Grid.Count);
            counts = new double[evaluator.Grid.Count];
            Array.Fill(counts, StepValues.Absent);
            results.Add(key, counts);
            order.Add(key);
        }

        return counts;
    }
}
