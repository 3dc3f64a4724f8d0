namespace HostAgent.Aggregator.Query.PromQL.Evaluation;

/// <summary>Joins series that have become equal by losing or changing labels. They may take turns; at one step only one may have a value.</summary>
internal sealed class MergeOperator : SeriesOperator
{
    private const string Duplicate = "vector cannot contain metrics with the same labelset";

    private readonly SeriesOperator _input;
    private readonly QueryBudget _budget;
    private readonly bool _exclusive;
    private readonly int[] _targets;
    private readonly List<Labels> _series;
    private TrimmedSeries[]? _merged;
    private int _next;

    private MergeOperator(SeriesOperator input, QueryBudget budget, bool exclusive, List<Labels> series, int[] targets)
        => (_input, _budget, _exclusive, _series, _targets) = (input, budget, exclusive, series, targets);

    /// <inheritdoc/>
    public override IReadOnlyList<Labels> Series => _series;

    /// <summary><paramref name="input"/> itself when its series all differ.</summary>
    /// <param name="input">The series.</param>
    /// <param name="budget">Of the query.</param>
    /// <param name="exclusive">Refuses series that take turns as well; only those without any value do not count. So it is for range functions.</param>
    public static SeriesOperator IfNeeded(SeriesOperator input, QueryBudget budget, bool exclusive = false)
    {
        var indexes = new Dictionary<Labels, int>(input.Series.Count);
        List<Labels> series = [];
        int[] targets = new int[input.Series.Count];
        for (int i = 0; i < targets.Length; i++)
        {
            if (!indexes.TryGetValue(input.Series[i], out targets[i]))
            {
                targets[i] = series.Count;
                indexes.Add(input.Series[i], series.Count);
                series.Add(input.Series[i]);
            }
        }

        return series.Count == targets.Length ? input : new MergeOperator(input, budget, exclusive, series, targets);
    }

    /// <inheritdoc/>
    public override void Next(StepValues into)
    {
        _merged ??= Merge(into.Count);
        into.CopyFrom(_merged[_next++]);
    }

    private TrimmedSeries[] Merge(int steps)
    {
        var whole = new double[]?[_series.Count];
        var values = new StepValues(steps);
        foreach (int target in _targets)
        {
            _input.Next(values);
            _budget.Use(values.To - values.From);
            double[] into = whole[target] ??= NewSeries(steps);
            bool taken = _exclusive && Array.Exists(into, StepValues.IsPresent);
            for (int step = values.From; step < values.To; step++)
            {
                if (StepValues.IsPresent(values[step]))
                {
                    into[step] = taken || StepValues.IsPresent(into[step]) ? throw new QueryExecutionException(Duplicate) : values[step];
                }
            }
        }

        return [.. whole.Select(static series => new TrimmedSeries(0, series!))];
    }

    private static double[] NewSeries(int steps)
    {
        double[] series = new double[steps];
        Array.Fill(series, StepValues.Absent);
        return series;
    }
}
