namespace HostAgent.Aggregator.Query.PromQL.Evaluation;

/// <summary>The values of one series kept for later, without the empty steps at both ends.</summary>
/// <param name="From">Step of the first value.</param>
/// <param name="Values">One per step, <see cref="StepValues.Absent"/> in gaps.</param>
internal readonly record struct TrimmedSeries(int From, double[] Values)
{
    /// <summary>Keeps a copy of the values.</summary>
    public static TrimmedSeries Of(StepValues values)
    {
        int from = values.From;
        int to = values.To;
        while (from < to && !StepValues.IsPresent(values[from]))
        {
            from++;
        }

        while (to > from && !StepValues.IsPresent(values[to - 1]))
        {
            to--;
        }

        return new TrimmedSeries(from, values.Live[(from - values.From)..(to - values.From)].ToArray());
    }

    /// <summary>The value at any step of the query.</summary>
    public double At(int step) => step >= From && step < From + Values.Length ? Values[step - From] : StepValues.Absent;
}
