namespace HostAgent.Aggregator.Query.PromQL.Evaluation;

/// <summary>A function over a range vector, such as <c>rate(x[5m])</c>: one window slides over each series.</summary>
internal sealed class RangeFunctionOperator : SeriesOperator
{
    private readonly RangeSource _source;
    private readonly StepGrid _grid;
    private readonly RangeFunctionBody _body;
    private readonly StepScalars[] _scalars;
    private readonly double[] _scalarsNow;
    private readonly bool _usesTime;
    private readonly SlidingWindow _window = new();

    /// <param name="source">The samples.</param>
    /// <param name="grid">The steps.</param>
    /// <param name="body">The function.</param>
    /// <param name="scalars">Its other arguments.</param>
    /// <param name="keepsName">Whether the values are still those of the metric.</param>
    /// <param name="usesTime">Whether the result for one window depends on the step.</param>
    public RangeFunctionOperator(RangeSource source, StepGrid grid, RangeFunctionBody body, StepScalars[] scalars, bool keepsName, bool usesTime)
    {
        (_source, _grid, _body, _scalars, _usesTime) = (source, grid, body, scalars, usesTime);
        _scalarsNow = new double[scalars.Length];
        Series = keepsName ? source.Series : [.. source.Series.Select(static labels => labels.WithoutName())];
    }

    /// <inheritdoc/>
    public override IReadOnlyList<Labels> Series { get; }

    /// <inheritdoc/>
    public override void Next(StepValues into)
    {
        _window.Open(_source.Next(out int from));
        ShiftedTime ends = _source.End;
        into.Reset(from, _grid.Count);
        bool sameForAll = ends.IsFixed && !_usesTime && Array.TrueForAll(_scalars, static s => s.IsConstant);
        double previous = StepValues.Absent;
        for (int step = from; step < _grid.Count; step++)
        {
            if (sameForAll && step > from)
            {
                into[step] = previous;
                continue;
            }

            long end = ends[step];
            _window.MoveTo(end - _source.RangeMs, end);
            if (_window.Count == 0)
            {
                if (_window.IsExhausted)
                {
                    return;
                }

                continue;
            }

            for (int i = 0; i < _scalars.Length; i++)
            {
                _scalarsNow[i] = _scalars[i][step];
            }

            into[step] = previous = _body(new SampleWindow(_window, end - _source.RangeMs, end, _grid[step]), _scalarsNow);
        }
    }
}
