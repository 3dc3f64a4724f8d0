namespace HostAgent.Aggregator.Query.PromQL.Evaluation;

/// <summary>Series that had to be worked out together.</summary>
internal sealed class KeptOperator(IReadOnlyList<Labels> series, IReadOnlyList<TrimmedSeries> values) : SeriesOperator
{
    private int _next;

    /// <inheritdoc/>
    public override IReadOnlyList<Labels> Series => series;

    /// <inheritdoc/>
    public override void Next(StepValues into) => into.CopyFrom(values[_next++]);

    /// <summary>Reads a whole operator into memory.</summary>
    public static TrimmedSeries[] Keep(SeriesOperator input, int steps, QueryBudget budget)
    {
        var kept = new TrimmedSeries[input.Series.Count];
        var values = new StepValues(steps);
        for (int i = 0; i < kept.Length; i++)
        {
            input.Next(values);
            kept[i] = TrimmedSeries.Of(values);
            budget.Use(kept[i].Values.Length);
        }

        return kept;
    }
}
