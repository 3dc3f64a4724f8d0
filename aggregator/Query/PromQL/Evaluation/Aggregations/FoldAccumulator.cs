namespace HostAgent.Aggregator.Query.PromQL.Evaluation.Aggregations;

/// <summary>min, max, group: one number per step is enough.</summary>
internal sealed class FoldAccumulator : GroupAccumulator
{
    private readonly double[] _kept;
    private readonly Func<double, double, double> _fold;
    private readonly Func<double, double> _first;

    /// <param name="steps">Number of steps.</param>
    /// <param name="fold">What is kept, and the next value, to what is kept then.</param>
    /// <param name="first">The first value to what is kept; null: the value.</param>
    public FoldAccumulator(int steps, Func<double, double, double> fold, Func<double, double>? first = null)
    {
        _kept = new double[steps];
        Array.Fill(_kept, StepValues.Absent);
        (_fold, _first) = (fold, first ?? (static value => value));
    }

    /// <inheritdoc/>
    public override void Add(StepValues series)
    {
        for (int step = series.From; step < series.To; step++)
        {
            if (StepValues.IsPresent(series[step]))
            {
                _kept[step] = StepValues.IsPresent(_kept[step]) ? _fold(_kept[step], series[step]) : _first(series[step]);
            }
        }
    }

    /// <inheritdoc/>
    public override void Finish(StepValues into) => into.CopyFrom(new TrimmedSeries(0, _kept));
}
