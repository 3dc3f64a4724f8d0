namespace HostAgent.Aggregator.Query.PromQL.Evaluation;

/// <summary>Changes values one by one.</summary>
internal sealed class MapOperator : SeriesOperator
{
    private readonly SeriesOperator _input;
    private readonly Func<double, int, double> _body;

    /// <param name="input">The series.</param>
    /// <param name="keepsName">Whether the values are still those of the metric.</param>
    /// <param name="body">Value and step to new value, which may be <see cref="StepValues.Absent"/>.</param>
    public MapOperator(SeriesOperator input, bool keepsName, Func<double, int, double> body)
    {
        (_input, _body) = (input, body);
        Series = keepsName ? input.Series : [.. input.Series.Select(static labels => labels.WithoutName())];
    }

    /// <inheritdoc/>
    public override IReadOnlyList<Labels> Series { get; }

    /// <inheritdoc/>
    public override void Next(StepValues into)
    {
        _input.Next(into);
        for (int step = into.From; step < into.To; step++)
        {
            if (StepValues.IsPresent(into[step]))
            {
                into[step] = _body(into[step], step);
            }
        }
    }
}
