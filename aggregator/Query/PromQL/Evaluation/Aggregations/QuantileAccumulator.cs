namespace HostAgent.Aggregator.Query.PromQL.Evaluation.Aggregations;

/// <summary>quantile: needs all values of a step at once.</summary>
internal sealed class QuantileAccumulator(int steps, StepScalars q, QueryBudget budget) : GroupAccumulator
{
    private readonly List<TrimmedSeries> _series = [];

    /// <inheritdoc/>
    public override void Add(StepValues series)
    {
        var kept = TrimmedSeries.Of(series);
        budget.Use(kept.Values.Length);
        _series.Add(kept);
    }

    /// <inheritdoc/>
    public override void Finish(StepValues into)
    {
        into.Reset(0, steps);
        double[] values = new double[_series.Count];
        for (int step = 0; step < steps; step++)
        {
            int count = 0;
            foreach (TrimmedSeries series in _series)
            {
                double value = series.At(step);
                if (StepValues.IsPresent(value))
                {
                    values[count++] = value;
                }
            }

            into[step] = count > 0 ? Quantiles.Of(q[step], values.AsSpan(0, count)) : StepValues.Absent;
        }
    }
}
