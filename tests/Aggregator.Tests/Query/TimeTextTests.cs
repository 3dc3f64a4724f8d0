using HostAgent.Aggregator.Query;

namespace HostAgent.Aggregator.Tests.Query;

public sealed class TimeTextTests
{
    private const long Now = 1_795_352_400_000; // 2026-11-22T13:00:00Z

    [Theory]
    [InlineData("now", Now)]
    [InlineData("-1h", Now - 3_600_000)]
    [InlineData("now-90s", Now - 90_000)]
    [InlineData("now-90", Now - 90_000)]
    [InlineData("+1h", Now + 3_600_000)]
    [InlineData("-100y", 0)]
    [InlineData("1795352400", Now)]
    [InlineData("1795352400.123", Now + 123)]
    [InlineData("0", 0)]
    [InlineData("2026-11-22T13:00:00Z", Now)]
    [InlineData("2026-11-22t13:00:00.5z", Now + 500)]
    [InlineData("2026-11-22T14:00:00+01:00", Now)]
    [InlineData("2026-11-22T14:00:00 01:00", Now)]
    [InlineData("2026-11-22T12:00:00-01:00", Now)]
    public void An_instant_can_be_written_in_four_ways(string text, long expected)
    {
        Assert.True(TimeText.TryParseMs(text, Now, out long unixMs));
        Assert.Equal(expected, unixMs);
    }

    [Theory]
    [InlineData("")]
    [InlineData("then")]
    [InlineData("-")]
    [InlineData("-5")]
    [InlineData("now+")]
    [InlineData("nower")]
    [InlineData("2026-11-22")]
    [InlineData("2026-11-22T13:00:00")]
    [InlineData("2026-13-22T13:00:00Z")]
    [InlineData("13:00")]
    [InlineData("1e12")]
    [InlineData("99999999999999")]
    [InlineData("NaN")]
    [InlineData("1969-12-31T23:59:59Z")]
    public void What_is_no_instant_is_refused(string text) => Assert.False(TimeText.TryParseMs(text, Now, out _));
}
