namespace HostAgent.Aggregator.Query.PromQL.Evaluation;

/// <summary>What stays the same in all parts of one query.</summary>
/// <param name="Source">Where samples come from.</param>
/// <param name="Budget">What may still be used.</param>
/// <param name="QueryGrid">The instants of the whole query: @ start(), @ end(), step() and range() mean these, also inside subqueries.</param>
/// <param name="LookbackMs">How old the sample that stands for an instant may be.</param>
/// <param name="DefaultStepMs">Step of subqueries that name none.</param>
internal sealed record EvaluationContext(ISeriesSource Source, QueryBudget Budget, StepGrid QueryGrid, long LookbackMs, long DefaultStepMs)
{
    /// <summary>First instant of the query.</summary>
    public long StartUnixMs => QueryGrid.StartUnixMs;

    /// <summary>The end that was asked for, which need not be a step.</summary>
    public required long EndUnixMs { get; init; }

    /// <summary>The step that was asked for; 0 for one instant.</summary>
    public required long StepMs { get; init; }
}
