using HostAgent.Aggregator.Query.PromQL.Syntax;

namespace HostAgent.Aggregator.Query.PromQL.Evaluation;

/// <summary><c>selector[range]</c>.</summary>
internal sealed class MatrixSource : RangeSource
{
    private readonly IReadOnlyList<SourceSeries> _series;
    private readonly StoredFeed _feed;
    private int _next;

    public MatrixSource(MatrixSelector selector, StepGrid grid, EvaluationContext context)
    {
        RangeMs = selector.RangeMs;
        End = new ShiftedTime(grid, selector.Selector.Shift, context);
        _series = SelectorOperator.Select(selector.Selector, End.First - RangeMs + 1, End.Last, context);
        Series = [.. _series.Select(static s => s.Labels)];
        _feed = new StoredFeed(context.Budget);
    }

    /// <inheritdoc/>
    public override IReadOnlyList<Labels> Series { get; }

    /// <inheritdoc/>
    public override long RangeMs { get; }

    /// <inheritdoc/>
    public override ShiftedTime End { get; }

    /// <inheritdoc/>
    public override SampleFeed Next(out int fromStep)
    {
        SourceSeries series = _series[_next++];
        fromStep = End.FirstStepAtOrAfter(series.FirstUnixMs);
        _feed.Open(series, End.First - RangeMs + 1, End.Last);
        return _feed;
    }
}
