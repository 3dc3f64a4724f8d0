namespace HostAgent.Aggregator.Query.PromQL.Evaluation.Aggregations;

/// <summary>count</summary>
internal sealed class CountAccumulator(int steps) : GroupAccumulator
{
    private readonly int[] _counts = new int[steps];

    /// <inheritdoc/>
    public override void Add(StepValues series)
    {
        for (int step = series.From; step < series.To; step++)
        {
            _counts[step] += StepValues.IsPresent(series[step]) ? 1 : 0;
        }
    }

    /// <inheritdoc/>
    public override void Finish(StepValues into)
    {
        into.Reset(0, steps);
        for (int step = 0; step < steps; step++)
        {
            into[step] = _counts[step] > 0 ? _counts[step] : StepValues.Absent;
        }
    }
}
