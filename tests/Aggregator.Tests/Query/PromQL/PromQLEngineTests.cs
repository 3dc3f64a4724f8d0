using HostAgent.Aggregator.Query;
using HostAgent.Aggregator.Query.PromQL;
using HostAgent.Aggregator.Storage;
using HostAgent.TestSupport;

namespace HostAgent.Aggregator.Tests.Query.PromQL;

public sealed class PromQLEngineTests
{
    private const long Second = 1000;
    private const long Hour = 3600 * Second;

    private readonly MemorySeriesSource _data = new();

    [Fact]
    public void A_range_query_reads_each_sample_once_however_small_its_steps()
    {
        Fill(series: 3, samples: 4000, everyMs: 10 * Second);
        foreach (long step in new[] { 10 * Second, 60 * Second, 600 * Second })
        {
            long before = _data.SamplesRead;
            Engine().Range("sum by (host) (rate(requests_total[5m])) + max_over_time(rate(requests_total[5m])[10m:1m])",
                10 * Hour, 11 * Hour, step, CancellationToken.None);
            // Both selectors together, each with its windows: (60 + 5) and (60 + 10 + 5) minutes, 6 samples a minute.
            Assert.InRange(_data.SamplesRead - before, 1, 3 * 6 * (65 + 75) + 6);
        }
    }

    [Theory]
    [InlineData("rate(requests_total[5m])")]
    [InlineData("sum(rate(requests_total[5m]))")]
    [InlineData("quantile_over_time(0.9, requests_total[5m])")]
    [InlineData("requests_total * 2 > 5")]
    [InlineData("avg without (host) (avg_over_time(requests_total[10m]) and requests_total)")]
    [InlineData("max_over_time(requests_total[10m:1m])")]
    [InlineData("requests_total / on (host, n) requests_total")]
    public void Samples_cost_no_allocations(string query)
    {
        Fill(series: 2, samples: 50_000, everyMs: Second);
        PromQLEngine engine = Engine();
        long Allocated(long end)
        {
            engine.Range(query, 0, end, 60 * Second, CancellationToken.None);
            long before = GC.GetAllocatedBytesForCurrentThread();
            engine.Range(query, 0, end, 60 * Second, CancellationToken.None);
            return GC.GetAllocatedBytesForCurrentThread() - before;
        }

        // Both longer than the slice in which samples are read, whose buffer is the only thing that grows with them.
        long shorter = Allocated(7 * Hour);
        long longer = Allocated(13 * Hour);

        // Six hours more are 2 x 21,600 samples and 2 x 360 points. Points may cost, kept or answered; of the samples, one byte each would show.
        Assert.InRange(longer - shorter, 0, 2 * 360 * 60);
    }

    [Theory]
    [InlineData("requests_total", "more than 4 series")]
    [InlineData("sum(requests_total)", "more than 4 series")]
    [InlineData("sum({n=~\"[01]\"} offset 1s)", null)]
    [InlineData("count_over_time(requests_total{n=\"1\"}[1h])", "too many samples")]
    [InlineData("max_over_time(vector(1)[1h:1ms])", "too many samples")]
    [InlineData("max_over_time(vector(1)[10000d:1ms])", "too many")]
    public void What_is_too_large_is_refused_with_a_reason(string query, string? reason)
    {
        Fill(series: 5, samples: 3600, everyMs: Second);
        PromQLEngine engine = Engine(new PromQLOptions { MaxSeries = 4, MaxSamples = 3000 });
        if (reason is null)
        {
            engine.Instant(query, Hour, CancellationToken.None);
            return;
        }

        Assert.Contains(reason, Assert.Throws<QueryLimitException>(() => engine.Instant(query, Hour, CancellationToken.None)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_range_query_has_at_most_so_many_steps()
    {
        Assert.Empty(Engine().Range("x", 0, 10_999 * Second, Second, CancellationToken.None).Series);
        QueryLimitException error = Assert.Throws<QueryLimitException>(() => Engine().Range("x", 0, 11_000 * Second, Second, CancellationToken.None));
        Assert.Equal("exceeded maximum resolution of 11,000 points per timeseries. Try decreasing the query resolution (?step=XX)", error.Message);
    }

    [Fact]
    public void A_query_ends_when_its_asker_has_gone()
    {
        Fill(series: 5, samples: 100, everyMs: Second);
        using var asker = new CancellationTokenSource();
        int reads = 0;
        _data.OnRead = () =>
        {
            reads++;
            asker.Cancel();
        };
        Assert.Throws<OperationCanceledException>(() => Engine().Instant("sum(requests_total)", 50 * Second, asker.Token));
        Assert.Equal(1, reads);
    }

    [Fact]
    public void A_query_ends_when_its_time_is_up()
    {
        Fill(series: 5, samples: 100, everyMs: Second);
        var time = new FakeTime();
        _data.OnRead = () => time.Advance(TimeSpan.FromSeconds(50));
        var engine = new PromQLEngine(_data, new PromQLOptions(), time);
        Assert.Equal(
            "query timed out in expression evaluation after 120 s",
            Assert.Throws<QueryTimeoutException>(() => engine.Instant("sum(requests_total)", 50 * Second, CancellationToken.None)).Message);
    }

    [Fact]
    public void A_series_longer_than_a_slice_is_read_to_its_end()
    {
        Fill(series: 1, samples: 3 * 24 * 60, everyMs: 60 * Second);
        var result = (VectorResult)Engine().Instant("count_over_time(requests_total[3d])", (3 * 24 * Hour) - 1, CancellationToken.None);
        Assert.Equal(3 * 24 * 60, Assert.Single(result.Samples).Value);
    }

    [Fact]
    public void Windows_of_any_shape_hold_what_a_plain_loop_finds()
    {
        const int seed = 20260104;
        var random = new Random(seed);
        Labels labels = Labels.From([new LabelPair("__name__", "x")]);
        List<(long At, double Value)> samples = [];
        for (long at = random.Next(5000); at < 2 * Hour; at += random.Next(10) == 0 ? random.Next(600_000) : random.Next(1, 20_000))
        {
            double value = random.Next(12) == 0 ? StaleMarker.Value : random.Next(100);
            samples.Add((at, value));
            _data.Add(labels, at, value);
        }

        for (int round = 0; round < 300; round++)
        {
            long start = random.Next((int)(2 * Hour)), step = random.Next(1, 400_000), end = start + (step * random.Next(30));
            long range = random.Next(1, 1_000_000), offset = random.Next(-500_000, 500_000);
            string shift = offset < 0 ? $"-{-offset}ms" : $"{offset}ms";
            List<(long, double)> expected = [];
            for (long at = start; at <= end; at += step)
            {
                double[] inside = [.. samples.Where(s => s.At > at - offset - range && s.At <= at - offset && !StaleMarker.Is(s.Value)).Select(s => s.Value)];
                if (inside.Length > 0)
                {
                    expected.Add((at, inside.Sum()));
                }
            }

            MatrixResult answer = Engine().Range($"sum_over_time(x[{range}ms] offset {shift})", start, end, step, CancellationToken.None);
            Assert.Equal(expected, answer.Series.SelectMany(static s => s.Points).Select(static p => (p.UnixMs, p.Value)));
        }
    }

    private PromQLEngine Engine(PromQLOptions? options = null) => new(_data, options ?? new PromQLOptions(), TimeProvider.System);

    private void Fill(int series, int samples, long everyMs)
    {
        for (int n = 0; n < series; n++)
        {
            Labels labels = Labels.From([new LabelPair("__name__", "requests_total"), new LabelPair("host", "web"), new LabelPair("n", $"{n}")]);
            for (int i = 0; i < samples; i++)
            {
                _data.Add(labels, i * everyMs, i * (n + 1) % 997);
            }
        }
    }
}
