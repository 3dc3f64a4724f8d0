using HostAgent.Aggregator.Query.PromQL.Syntax;

namespace HostAgent.Aggregator.Query.PromQL.Evaluation.Aggregations;

/// <summary>An aggregation with one result per group: the input streams through, the groups are in memory.</summary>
internal sealed class GroupOperator : SeriesOperator
{
    private readonly SeriesOperator _input;
    private readonly int[] _groups;
    private readonly Func<int, GroupAccumulator> _create;
    private readonly GroupAccumulator?[] _accumulators;
    private readonly QueryBudget _budget;
    private int _next;

    public GroupOperator(SeriesOperator input, AggregateExpression aggregate, Func<int, GroupAccumulator> create, QueryBudget budget)
    {
        (_input, _create, _budget) = (input, create, budget);
        Signatures signatures = Signatures.For(aggregate);
        _groups = signatures.Number(input.Series);
        Series = signatures.Groups;
        _accumulators = new GroupAccumulator?[Series.Count];
    }

    /// <inheritdoc/>
    public override IReadOnlyList<Labels> Series { get; }

    /// <inheritdoc/>
    public override void Next(StepValues into)
    {
        if (_next == 0)
        {
            _budget.Use((long)Series.Count * into.Count);
            foreach (int group in _groups)
            {
                _input.Next(into);
                (_accumulators[group] ??= _create(into.Count)).Add(into);
            }
        }

        _accumulators[_next]!.Finish(into);
        _accumulators[_next++] = null;
    }
}
