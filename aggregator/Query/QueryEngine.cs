using HostAgent.Aggregator.Storage;

namespace HostAgent.Aggregator.Query;

/// <summary>Answers questions about stored series, within <see cref="QueryOptions"/>.</summary>
internal sealed class QueryEngine(ISeriesReader store, QueryOptions options)
{
    // One slice of a series is in memory at a time: 6 h of 1 s samples are 350 KB.
    private const long SliceMs = 6 * 3_600_000L;

    /// <summary>The bounds.</summary>
    public QueryOptions Options => options;

    /// <summary>The series that have samples in the interval, at most <paramref name="limit"/>, and whether there are more.</summary>
    public (IReadOnlyList<SeriesInfo> Series, bool Truncated) Series(Selector selector, long fromUnixMs, long toUnixMs, int limit)
    {
        IReadOnlyList<SeriesInfo> found = store.Select(selector.Matchers, fromUnixMs, toUnixMs, limit + 1);
        return found.Count > limit ? ([.. found.Take(limit)], true) : (found, false);
    }

    /// <summary>The newest sample of every selected series that is not older than <paramref name="notBeforeUnixMs"/> and has not ended.</summary>
    /// <exception cref="QueryLimitException">Too many series.</exception>
    public IReadOnlyList<LatestSample> Latest(Selector selector, long notBeforeUnixMs, long nowUnixMs)
    {
        var samples = new List<LatestSample>();
        // A host's clock may be ahead of ours, so the end is open.
        foreach (SeriesInfo series in SelectBounded(selector, notBeforeUnixMs, Math.Max(nowUnixMs, notBeforeUnixMs) + (long)options.MaxRange.TotalMilliseconds))
        {
            if (store.TryLatest(series.Id, out long unixMs, out double value) && unixMs >= notBeforeUnixMs && !StaleMarker.Is(value))
            {
                samples.Add(new LatestSample(series, unixMs, value));
            }
        }

        return samples;
    }

    /// <summary>The points of every selected series; series without any are left out.</summary>
    /// <exception cref="QueryLimitException">Too long an interval, too many series or too many points.</exception>
    /// <exception cref="OperationCanceledException">The asker has gone or the time is up.</exception>
    public IReadOnlyList<RangeSeries> Range(RangeRequest request, CancellationToken cancellationToken)
    {
        if (request.ToUnixMs - request.FromUnixMs > options.MaxRange.TotalMilliseconds)
        {
            throw new QueryLimitException($"the interval is longer than {options.MaxRange.TotalDays:0} days");
        }

        long lookbackMs = LookbackMs(request);
        IReadOnlyList<SeriesInfo> selected = SelectBounded(request.Selector, request.FromUnixMs - lookbackMs, request.ToUnixMs);
        if (request.MaxPointsPerSeries is { } each && each * selected.Count > options.MaxPoints)
        {
            throw TooManyPoints($"{selected.Count} series with up to {each} points each");
        }

        var answer = new List<RangeSeries>(selected.Count);
        var buffer = new SampleBuffer();
        int total = 0;
        foreach (SeriesInfo series in selected)
        {
            List<Point> points = Points(request, series, lookbackMs, buffer, options.MaxPoints - total, cancellationToken);
            total += points.Count;
            if (points.Count > 0)
            {
                answer.Add(new RangeSeries(series, points));
            }
        }

        return answer;
    }

    private List<Point> Points(
        RangeRequest request, SeriesInfo series, long lookbackMs, SampleBuffer buffer, int budget, CancellationToken cancellationToken)
    {
        var points = new List<Point>();
        StepAccumulator? steps = request.StepMs is { } step
            ? new StepAccumulator(request.Aggregation, request.FirstPointUnixMs, step, Math.Max(step, (long)options.MaxRateGap.TotalMilliseconds), points)
            : null;
        long from = Math.Max(request.StepMs is null ? request.FromUnixMs : request.FirstPointUnixMs - lookbackMs, series.FirstUnixMs);
        long to = Math.Min(request.LastPointUnixMs, series.LastUnixMs);
        for (long slice = from; slice <= to; slice += SliceMs)
        {
            cancellationToken.ThrowIfCancellationRequested();
            buffer.Clear();
            store.Read(series.Id, slice, Math.Min(slice + SliceMs - 1, to), buffer);
            for (int i = 0; i < buffer.Count; i++)
            {
                double value = buffer.Values[i];
                if (StaleMarker.Is(value))
                {
                    continue;
                }

                if (steps is not null)
                {
                    steps.Add(buffer.Times[i], value);
                }
                else if (points.Count == budget)
                {
                    throw TooManyPoints("the stored samples of these series");
                }
                else
                {
                    points.Add(new Point(buffer.Times[i], value));
                }
            }
        }

        steps?.Finish();
        return points;
    }

    // The first point stands for samples up to one step before it; a rate also needs the one sample before those.
    private long LookbackMs(RangeRequest request)
    {
        if (request.StepMs is not { } step)
        {
            return 0;
        }

        long predecessorMs = request.Aggregation == Aggregation.Rate ? Math.Min(Math.Max(2 * step, 60_000), (long)options.MaxRateGap.TotalMilliseconds) : 0;
        return step - 1 + predecessorMs;
    }

    private IReadOnlyList<SeriesInfo> SelectBounded(Selector selector, long fromUnixMs, long toUnixMs)
    {
        IReadOnlyList<SeriesInfo> found = store.Select(selector.Matchers, fromUnixMs, toUnixMs, options.MaxSeries + 1);
        return found.Count <= options.MaxSeries
            ? found
            : throw new QueryLimitException($"the selector means more than {options.MaxSeries} series; add conditions");
    }

    private QueryLimitException TooManyPoints(string what)
        => new($"{what} are more than the {options.MaxPoints} points an answer may hold; take a longer step, a shorter interval or fewer series");
}
