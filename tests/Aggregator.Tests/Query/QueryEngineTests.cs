using HostAgent.Aggregator.Query;
using HostAgent.Aggregator.Storage;
using HostAgent.Aggregator.Tests.Api;

namespace HostAgent.Aggregator.Tests.Query;

public sealed class QueryEngineTests
{
    [Fact]
    public void A_series_longer_than_a_slice_is_read_whole()
    {
        // 30 h at 10 s: several slices of 6 h.
        (long, double)[] samples = [.. Enumerable.Range(1, 10_800).Select(i => (i * 10_000L, (double)i))];
        QueryEngine engine = Engine(new QueryOptions(), samples);
        RangeSeries raw = Assert.Single(engine.Range(Request(0, 200_000_000, null, Aggregation.Avg), CancellationToken.None));
        Assert.Equal(samples.Select(sample => new Point(sample.Item1, sample.Item2)), raw.Points);

        RangeSeries rate = Assert.Single(engine.Range(Request(0, 108_000_000, 3_600_000, Aggregation.Rate), CancellationToken.None));
        Assert.Equal(30, rate.Points.Count);
        Assert.All(rate.Points, point => Assert.Equal(0.1, point.Value, 9)); // no increase is lost where slices meet
    }

    [Fact]
    public void Points_stand_at_multiples_of_the_step_wherever_the_interval_begins()
    {
        QueryEngine engine = Engine(new QueryOptions(), [.. Enumerable.Range(1, 60).Select(i => (i * 1000L, 1.0))]);
        foreach (long from in new long[] { 9_001, 10_000 })
        {
            RangeSeries series = Assert.Single(engine.Range(Request(from, 39_999, 10_000, Aggregation.Count), CancellationToken.None));
            Assert.Equal([new Point(10_000, 10), new Point(20_000, 10), new Point(30_000, 10)], series.Points);
        }
    }

    [Fact]
    public void Too_many_raw_samples_are_refused_not_cut()
    {
        QueryEngine engine = Engine(new QueryOptions { MaxPoints = 9 }, [.. Enumerable.Range(1, 10).Select(i => (i * 1000L, 1.0))]);
        Assert.Equal(9, engine.Range(Request(2000, 10_000, null, Aggregation.Avg), CancellationToken.None)[0].Points.Count);
        QueryLimitException error = Assert.Throws<QueryLimitException>(() => engine.Range(Request(0, 10_000, null, Aggregation.Avg), CancellationToken.None));
        Assert.Contains("more than the 9 points", error.Message);
    }

    [Fact]
    public void Too_many_series_are_refused()
    {
        QueryEngine engine = Engine(new QueryOptions { MaxSeries = 0 }, (1000, 1));
        Assert.Throws<QueryLimitException>(() => engine.Latest(Selector.Parse("m"), 0, 2000));
    }

    [Fact]
    public void An_asker_who_has_gone_costs_nothing_more()
    {
        QueryEngine engine = Engine(new QueryOptions(), (1000, 1));
        Assert.Throws<OperationCanceledException>(() => engine.Range(Request(0, 2000, null, Aggregation.Avg), new CancellationToken(canceled: true)));
    }

    [Fact]
    public void A_sample_of_a_host_whose_clock_is_ahead_is_the_latest_all_the_same()
    {
        QueryEngine engine = Engine(new QueryOptions(), (1000, 1), (999_000, 2));
        Assert.Equal(2, Assert.Single(engine.Latest(Selector.Parse("m"), 0, 2000)).Value);
    }

    private static QueryEngine Engine(QueryOptions options, params (long, double)[] samples)
        => new(new SampleStore(new StoreSeed().Series(RunningAggregator.Web1, "m", [("host", "web1")], samples).Build()), options);

    private static RangeRequest Request(long from, long to, long? step, Aggregation aggregation) => new(Selector.Parse("m"), from, to, step, aggregation);
}
