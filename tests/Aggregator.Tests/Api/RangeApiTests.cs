using System.Text.Json;

namespace HostAgent.Aggregator.Tests.Api;

[Collection(AggregatorCollection.Name)]
public sealed class RangeApiTests(RunningAggregator aggregator)
{
    private static readonly long NowSeconds = RunningAggregator.NowUnixMs / 1000;

    [Fact]
    public async Task Without_a_step_samples_come_as_they_were_stored()
    {
        JsonElement answer = await Answer.OkAsync(aggregator, "/v1/range?match=host_load1&from=-3s");
        Assert.Equal(JsonValueKind.Null, answer.GetProperty("step").ValueKind);
        Assert.Equal(2, answer.GetProperty("series").GetArrayLength());
        Assert.Equal([(NowSeconds - 3, 0.7), (NowSeconds - 2, 0.8), (NowSeconds - 1, 0.9)], Points(answer.GetProperty("series")[0]));
    }

    [Fact]
    public async Task The_same_interval_can_be_written_in_three_ways()
    {
        string relative = (await Answer.OkAsync(aggregator, "/v1/range?match=host_load1&from=-3s&to=-1s")).ToString();
        string unix = (await Answer.OkAsync(aggregator, $"/v1/range?match=host_load1&from={NowSeconds - 3}&to={NowSeconds - 1}.000")).ToString();
        string rfc3339 = (await Answer.OkAsync(aggregator, "/v1/range?match=host_load1&from=2025-12-31T23:59:57Z&to=2026-01-01T00:59:59%2B01:00")).ToString();
        Assert.Equal(relative, unix);
        Assert.Equal(relative, rfc3339);
    }

    [Theory]
    [InlineData("avg", 0.3)]
    [InlineData("min", 0.1)]
    [InlineData("max", 0.5)]
    [InlineData("sum", 1.5)]
    [InlineData("count", 5)]
    [InlineData("last", 0.5)]
    public async Task A_point_at_t_stands_for_the_samples_after_the_step_before(string aggregation, double expected)
    {
        // Steps of 5 s end at multiples of 5 s: the point at -5 s covers the seconds -9 to -5, whose samples are 0.1 to 0.5.
        JsonElement answer = await Answer.OkAsync(aggregator, $"/v1/range?match=host_load1&from=-5s&to=-5s&step=5s&agg={aggregation}");
        Assert.Equal("5s", answer.GetProperty("step").GetString());
        Assert.Equal(aggregation, answer.GetProperty("aggregation").GetString());
        (long time, double value) = Assert.Single(Points(answer.GetProperty("series")[0]));
        Assert.Equal(NowSeconds - 5, time);
        Assert.Equal(expected, value, 12);
    }

    [Fact]
    public async Task A_rate_sees_through_a_counter_reset()
    {
        JsonElement answer = await Answer.OkAsync(aggregator,
            "/v1/range?from=-5s&to=-5s&step=5s&agg=rate&match=" + Uri.EscapeDataString("host_network_receive_bytes_total{host=\"web2\",device=\"eth0\"}"));
        (_, double value) = Assert.Single(Points(Assert.Single(answer.GetProperty("series").EnumerateArray())));
        Assert.Equal(4000.0 / 5, value, 9); // from the sample before the step: four times 1000, then a reset to 0
    }

    [Fact]
    public async Task Values_that_JSON_has_no_number_for_are_strings()
    {
        JsonElement answer = await Answer.OkAsync(aggregator, "/v1/range?match=odd_values&from=-10s");
        Assert.Equal(["NaN", "+Inf", "-Inf", "1E-300"],
            answer.GetProperty("series")[0].GetProperty("points").EnumerateArray().Select(point => point[1].ToString()));
    }

    [Fact]
    public async Task Stale_markers_are_no_samples()
    {
        JsonElement answer = await Answer.OkAsync(aggregator, "/v1/range?match=ended&from=-10s");
        Assert.Equal([(NowSeconds - 2, 1.0)], Points(Assert.Single(answer.GetProperty("series").EnumerateArray())));
    }

    [Fact]
    public async Task A_selector_that_means_nothing_gives_no_series()
    {
        JsonElement answer = await Answer.OkAsync(aggregator, "/v1/range?match=nothing");
        Assert.Empty(answer.GetProperty("series").EnumerateArray());
    }

    private static (long, double)[] Points(JsonElement series)
        => [.. series.GetProperty("points").EnumerateArray().Select(point => ((long)point[0].GetDecimal(), point[1].GetDouble()))];
}
