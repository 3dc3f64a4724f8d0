namespace HostAgent.Aggregator.Query.PromQL.Evaluation;

/// <summary>The same values under other labels.</summary>
internal sealed class RelabelOperator(SeriesOperator input, Func<Labels, Labels> relabel) : SeriesOperator
{
    /// <inheritdoc/>
    public override IReadOnlyList<Labels> Series { get; } = [.. input.Series.Select(relabel)];

    /// <inheritdoc/>
    public override void Next(StepValues into) => input.Next(into);
}
