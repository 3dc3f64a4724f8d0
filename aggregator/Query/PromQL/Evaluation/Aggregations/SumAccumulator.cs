namespace HostAgent.Aggregator.Query.PromQL.Evaluation.Aggregations;

/// <summary>sum</summary>
internal sealed class SumAccumulator(int steps) : GroupAccumulator
{
    private readonly CompensatedSum[] _sums = new CompensatedSum[steps];
    private readonly bool[] _seen = new bool[steps];

    /// <inheritdoc/>
    public override void Add(StepValues series)
    {
        for (int step = series.From; step < series.To; step++)
        {
            if (!StepValues.IsPresent(series[step]))
            {
                continue;
            }

            if (_seen[step])
            {
                _sums[step].Add(series[step]);
            }
            else
            {
                _seen[step] = true;
                _sums[step] = new CompensatedSum(series[step]);
            }
        }
    }

    /// <inheritdoc/>
    public override void Finish(StepValues into)
    {
        into.Reset(0, steps);
        for (int step = 0; step < steps; step++)
        {
            into[step] = _seen[step] ? _sums[step].Sum + _sums[step].Compensation : StepValues.Absent;
        }
    }
}
