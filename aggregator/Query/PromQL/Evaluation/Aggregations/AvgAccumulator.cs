namespace HostAgent.Aggregator.Query.PromQL.Evaluation.Aggregations;

/// <summary>avg</summary>
internal sealed class AvgAccumulator(int steps) : GroupAccumulator
{
    private readonly CompensatedMean[] _means = new CompensatedMean[steps];
    private readonly bool[] _seen = new bool[steps];

    /// <inheritdoc/>
    public override void Add(StepValues series)
    {
        for (int step = series.From; step < series.To; step++)
        {
            if (StepValues.IsPresent(series[step]))
            {
                _seen[step] = true;
                _means[step].Add(series[step]);
            }
        }
    }

    /// <inheritdoc/>
    public override void Finish(StepValues into)
    {
        into.Reset(0, steps);
        for (int step = 0; step < steps; step++)
        {
            into[step] = _seen[step] ? _means[step].Value : StepValues.Absent;
        }
    }
}
