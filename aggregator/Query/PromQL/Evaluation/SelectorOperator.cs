using HostAgent.Aggregator.Query.PromQL.Syntax;
using HostAgent.Aggregator.Storage;

namespace HostAgent.Aggregator.Query.PromQL.Evaluation;

/// <summary>A selector: at each step the newest sample that is not older than the lookback, unless the series has ended since.</summary>
internal sealed class SelectorOperator : SeriesOperator
{
    private readonly IReadOnlyList<SourceSeries> _series;
    private readonly StepGrid _grid;
    private readonly ShiftedTime _time;
    private readonly long _lookbackMs;
    private readonly bool _timestamps;
    private readonly StoredFeed _feed;
    private int _next;

    /// <param name="selector">What is asked for.</param>
    /// <param name="grid">When.</param>
    /// <param name="context">Of the query.</param>
    /// <param name="timestamps">Gives the times of the samples, in seconds, instead of their values.</param>
    public SelectorOperator(VectorSelector selector, StepGrid grid, EvaluationContext context, bool timestamps = false)
    {
        (_grid, _lookbackMs, _timestamps) = (grid, context.LookbackMs, timestamps);
        _time = new ShiftedTime(grid, selector.Shift, context);
        _series = Select(selector, _time.First - _lookbackMs + 1, _time.Last, context);
        Series = [.. _series.Select(static s => s.Labels)];
        _feed = new StoredFeed(context.Budget);
    }

    /// <inheritdoc/>
    public override IReadOnlyList<Labels> Series { get; }

    /// <summary>The series of a selector, within the budget.</summary>
    /// <exception cref="QueryLimitException">Too many.</exception>
    public static IReadOnlyList<SourceSeries> Select(VectorSelector selector, long fromUnixMs, long toUnixMs, EvaluationContext context)
    {
        context.Budget.Check();
        if (fromUnixMs > toUnixMs)
        {
            return [];
        }

        int max = context.Budget.MaxSeries;
        IReadOnlyList<SourceSeries> found = context.Source.Select(selector.Matchers, fromUnixMs, toUnixMs, max + 1);
        return found.Count <= max ? found : throw new QueryLimitException($"the selector {selector} means more than {max} series; add conditions");
    }

    /// <inheritdoc/>
    public override void Next(StepValues into)
    {
        SourceSeries series = _series[_next++];
        int from = _time.FirstStepAtOrAfter(series.FirstUnixMs);
        int to = _time.FirstStepAtOrAfter(series.LastUnixMs + _lookbackMs);
        into.Reset(from, to);
        _feed.Open(series, _time.First - _lookbackMs + 1, _time.Last);
        bool pending = _feed.TryNext(out long nextUnixMs, out double nextValue);
        long unixMs = long.MinValue / 2;
        double value = StepValues.Absent;
        for (int step = from; step < to; step++)
        {
            long now = _time[step];
            while (pending && nextUnixMs <= now)
            {
                (unixMs, value) = (nextUnixMs, nextValue);
                pending = _feed.TryNext(out nextUnixMs, out nextValue);
            }

            if (unixMs > now - _lookbackMs && !StaleMarker.Is(value))
            {
                into[step] = _timestamps ? unixMs / 1000.0 : value;
            }
        }
    }
}
