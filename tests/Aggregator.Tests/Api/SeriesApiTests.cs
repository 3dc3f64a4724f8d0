using System.Text.Json;

namespace HostAgent.Aggregator.Tests.Api;

[Collection(AggregatorCollection.Name)]
public sealed class SeriesApiTests(RunningAggregator aggregator)
{
    [Fact]
    public async Task Series_come_with_labels_type_and_meaning()
    {
        JsonElement answer = await Answer.OkAsync(aggregator, "/v1/series?match=" + Uri.EscapeDataString("host_load1{host=\"web1\"}"));
        JsonElement series = Assert.Single(answer.GetProperty("series").EnumerateArray());
        Assert.Equal("host_load1", series.GetProperty("metric").GetString());
        Assert.Equal(RunningAggregator.Web1, series.GetProperty("labels").GetProperty("instance").GetString());
        Assert.Equal("gauge", series.GetProperty("type").GetString());
        Assert.Equal("Load average over one minute.", series.GetProperty("help").GetString());
        Assert.Equal("2025-12-31T23:59:59.000Z", series.GetProperty("lastSample").GetString());
        Assert.False(answer.GetProperty("truncated").GetBoolean());
    }

    [Fact]
    public async Task A_limit_cuts_the_list_and_says_so()
    {
        JsonElement answer = await Answer.OkAsync(aggregator, "/v1/series?limit=3&match=" + Uri.EscapeDataString("{__name__=~\"host_.*\"}"));
        Assert.Equal(3, answer.GetProperty("series").GetArrayLength());
        Assert.True(answer.GetProperty("truncated").GetBoolean());
    }

    [Fact]
    public async Task Latest_gives_the_newest_sample_of_each_series()
    {
        JsonElement answer = await Answer.OkAsync(aggregator, "/v1/latest?match=host_load1");
        Assert.Equal("2026-01-01T00:00:00.000Z", answer.GetProperty("now").GetString());
        Assert.Equal(["web1", "web2"], answer.GetProperty("samples").EnumerateArray().Select(sample => sample.GetProperty("labels").GetProperty("host").GetString()));
        Assert.All(answer.GetProperty("samples").EnumerateArray(), sample =>
        {
            Assert.Equal(0.9, sample.GetProperty("value").GetDouble());
            Assert.Equal((RunningAggregator.NowUnixMs / 1000) - 1, sample.GetProperty("time").GetDecimal());
        });
    }

    [Fact]
    public async Task Latest_tells_how_old_a_sample_is_and_whether_its_host_still_lives()
    {
        JsonElement answer = await Answer.OkAsync(aggregator, "/v1/latest?match=host_load1");
        Assert.All(answer.GetProperty("samples").EnumerateArray(), sample => Assert.Equal(1m, sample.GetProperty("ageSeconds").GetDecimal()));
        // web1 was heard of a second ago and is not connected, web2 an hour ago.
        Assert.Equal(["stale", "down"], answer.GetProperty("samples").EnumerateArray().Select(sample => sample.GetProperty("hostLiveness").GetString()));
    }

    [Fact]
    public async Task Latest_leaves_out_what_is_older_than_maxAge()
    {
        JsonElement answer = await Answer.OkAsync(aggregator, "/v1/latest?match=host_load1&maxAge=500ms");
        Assert.Empty(answer.GetProperty("samples").EnumerateArray());
    }

    [Fact]
    public async Task Latest_leaves_out_a_series_that_has_ended()
    {
        JsonElement answer = await Answer.OkAsync(aggregator, "/v1/latest?match=ended");
        Assert.Empty(answer.GetProperty("samples").EnumerateArray());
    }
}
