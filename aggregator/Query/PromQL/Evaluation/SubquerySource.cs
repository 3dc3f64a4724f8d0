using HostAgent.Aggregator.Query.PromQL.Syntax;

namespace HostAgent.Aggregator.Query.PromQL.Evaluation;

/// <summary><c>expression[range:step]</c>: the expression is evaluated once on a grid of its own, whose instants are multiples of the step, and
/// its values are the samples.</summary>
internal sealed class SubquerySource : RangeSource
{
    private readonly SeriesOperator _operand;
    private readonly StepGrid _inner;
    private readonly StepValues _values;
    private readonly Feed _feed;

    public SubquerySource(SubqueryExpression subquery, StepGrid grid, EvaluationContext context)
    {
        RangeMs = subquery.RangeMs;
        End = new ShiftedTime(grid, subquery.Shift, context);
        long stepMs = subquery.StepMs ?? context.DefaultStepMs;
        long after = End.First - RangeMs;
        long start = after / stepMs * stepMs;
        start += start <= after ? stepMs : 0;
        long count = End.Last >= start ? ((End.Last - start) / stepMs) + 1 : 0;
        if (count > int.MaxValue / 2)
        {
            throw new QueryLimitException($"a subquery over {DurationText.Format(RangeMs)} with a step of {DurationText.Format(stepMs)} has too many steps");
        }

        context.Budget.Use(count); // before memory is taken for them
        _inner = new StepGrid(start, stepMs, (int)count);
        _operand = new Evaluator(context, _inner).Vector(subquery.Operand);
        _values = new StepValues(_inner.Count);
        _feed = new Feed(_values, _inner, context.Budget);
    }

    /// <inheritdoc/>
    public override IReadOnlyList<Labels> Series => _operand.Series;

    /// <inheritdoc/>
    public override long RangeMs { get; }

    /// <inheritdoc/>
    public override ShiftedTime End { get; }

    /// <inheritdoc/>
    public override SampleFeed Next(out int fromStep)
    {
        _operand.Next(_values);
        _feed.Rewind();
        fromStep = End.FirstStepAtOrAfter(_inner[_values.From]);
        return _feed;
    }

    private sealed class Feed(StepValues values, StepGrid grid, QueryBudget budget) : SampleFeed
    {
        private int _at;

        public void Rewind()
        {
            budget.Use(values.To - values.From);
            _at = values.From;
        }

        public override bool TryNext(out long unixMs, out double value)
        {
            while (_at < values.To && !StepValues.IsPresent(values[_at]))
            {
                _at++;
            }

            bool found = _at < values.To;
            (unixMs, value) = found ? (grid[_at], values[_at]) : (0, 0);
            _at++;
            return found;
        }
    }
}
