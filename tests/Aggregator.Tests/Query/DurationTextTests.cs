using HostAgent.Aggregator.Query;

namespace HostAgent.Aggregator.Tests.Query;

public sealed class DurationTextTests
{
    [Theory]
    [InlineData("0", 0)]
    [InlineData("15", 15_000)]
    [InlineData("0.5", 500)]
    [InlineData("500ms", 500)]
    [InlineData("10s", 10_000)]
    [InlineData("5m", 300_000)]
    [InlineData("1h30m", 5_400_000)]
    [InlineData("1d", 86_400_000)]
    [InlineData("2w", 1_209_600_000)]
    [InlineData("1y2w3d4h5m6s7ms", 31_536_000_000 + 1_209_600_000 + 259_200_000 + 14_400_000 + 300_000 + 6_000 + 7)]
    public void Durations_are_read_as_Prometheus_writes_them(string text, long expectedMs)
    {
        Assert.True(DurationText.TryParseMs(text, out long ms));
        Assert.Equal(expectedMs, ms);
    }

    [Theory]
    [InlineData("")]
    [InlineData("-5m")]
    [InlineData("m")]
    [InlineData("5 m")]
    [InlineData("5x")]
    [InlineData("5m1h")]
    [InlineData("5m5m")]
    [InlineData("1.5h")]
    [InlineData("101y")]
    [InlineData("99999999999999999999s")]
    [InlineData("1e9")]
    [InlineData("NaN")]
    public void What_is_no_duration_is_refused(string text) => Assert.False(DurationText.TryParseMs(text, out _));

    [Theory]
    [InlineData(0, "0s")]
    [InlineData(10_000, "10s")]
    [InlineData(5_400_000, "1h30m")]
    [InlineData(90_061_001, "1d1h1m1s1ms")]
    public void The_shortest_writing_is_used_and_reads_back(long ms, string expected)
    {
        Assert.Equal(expected, DurationText.Format(ms));
        Assert.True(DurationText.TryParseMs(expected, out long back));
        Assert.Equal(ms, back);
    }
}
