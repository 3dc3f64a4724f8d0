namespace HostAgent.Aggregator.Query.PromQL.Evaluation.Aggregations;

/// <summary>stdvar, stddev (https://en.wikipedia.org/wiki/Algorithms_for_calculating_variance#Welford's_online_algorithm).</summary>
internal sealed class VarianceAccumulator(int steps, bool squareRoot) : GroupAccumulator
{
    private readonly (int Count, double Mean, double Squares)[] _states = new (int, double, double)[steps];

    /// <inheritdoc/>
    public override void Add(StepValues series)
    {
        for (int step = series.From; step < series.To; step++)
        {
            double value = series[step];
            if (!StepValues.IsPresent(value))
            {
                continue;
            }

            ref (int Count, double Mean, double Squares) state = ref _states[step];
            state.Count++;
            if (state.Count == 1)
            {
                state.Mean = value;
                state.Squares = double.IsFinite(value) ? 0 : double.NaN;
                continue;
            }

            double delta = value - state.Mean;
            state.Mean += delta / state.Count;
            state.Squares += delta * (value - state.Mean);
        }
    }

    /// <inheritdoc/>
    public override void Finish(StepValues into)
    {
        into.Reset(0, steps);
        for (int step = 0; step < steps; step++)
        {
            (int count, _, double squares) = _states[step];
            double variance = squares / count;
            into[step] = count == 0 ? StepValues.Absent : squareRoot ? Math.Sqrt(variance) : variance;
        }
    }
}
