namespace HostAgent.Aggregator.Query.PromQL.Evaluation;

/// <summary>A scalar as a vector of one series, or of none at the steps where it is <see cref="StepValues.Absent"/>.</summary>
internal sealed class ScalarOperator(StepScalars scalars, Labels labels) : SeriesOperator
{
    /// <inheritdoc/>
    public override IReadOnlyList<Labels> Series { get; } = [labels];

    /// <inheritdoc/>
    public override void Next(StepValues into)
    {
        into.Reset(0, into.Count);
        for (int step = 0; step < into.Count; step++)
        {
            into[step] = scalars[step];
        }
    }
}
