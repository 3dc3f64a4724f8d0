using System.Globalization;
using Calendar = HostAgent.Aggregator.Schedules.Calendar;

namespace HostAgent.Aggregator.Tests.Schedules;

public sealed class CalendarTests
{
    // The crontab of the operators' guide, in the hours that it names.
    [Theory]
    [InlineData("*/5 * * * *", "2026-01-01T00:05:00Z", "2026-01-01T00:10:00Z")] // health check every 5 min
    [InlineData("* * * * *", "2026-01-01T00:01:00Z", "2026-01-01T00:02:00Z")] // metrics every minute
    [InlineData("0 6 * * *", "2026-01-01T06:00:00Z", "2026-01-02T06:00:00Z")] // log analysis daily 06:00
    [InlineData("0 2 * * 0", "2026-01-04T02:00:00Z", "2026-01-11T02:00:00Z")] // database maintenance Sunday 02:00
    [InlineData("0 1 * * *", "2026-01-01T01:00:00Z", "2026-01-02T01:00:00Z")] // backup daily 01:00
    [InlineData("0 3 * * 1", "2026-01-05T03:00:00Z", "2026-01-12T03:00:00Z")] // security audit Monday 03:00
    [InlineData("0 4 * * 0", "2026-01-04T04:00:00Z", "2026-01-11T04:00:00Z")] // log rotation Sunday 04:00
    [InlineData("0 12 * * *", "2026-01-01T12:00:00Z", "2026-01-02T12:00:00Z")] // certificate renewal daily 12:00
    [InlineData("0 3 * * *", "2026-01-01T03:00:00Z", "2026-01-02T03:00:00Z")] // optional nightly restart 03:00
    // And the same said otherwise.
    [InlineData("Sun 02:00", "2026-01-04T02:00:00Z", "2026-01-11T02:00:00Z")]
    [InlineData("sunday *-*-* 02:00:00", "2026-01-04T02:00:00Z", "2026-01-11T02:00:00Z")]
    [InlineData("06:00", "2026-01-01T06:00:00Z", "2026-01-02T06:00:00Z")]
    [InlineData("daily 06:00", "2026-01-01T06:00:00Z", "2026-01-02T06:00:00Z")]
    [InlineData("Mon..Fri 08:30", "2026-01-01T08:30:00Z", "2026-01-02T08:30:00Z")]
    [InlineData("0 2 * * 7", "2026-01-04T02:00:00Z", "2026-01-11T02:00:00Z")]
    [InlineData("hourly", "2026-01-01T01:00:00Z", "2026-01-01T02:00:00Z")]
    [InlineData("@weekly", "2026-01-04T00:00:00Z", "2026-01-11T00:00:00Z")]
    [InlineData("0 0 13 * fri", "2026-01-02T00:00:00Z", "2026-01-09T00:00:00Z")] // either the 13th or a Friday
    [InlineData("0 0 29 feb *", "2028-02-29T00:00:00Z", "2032-02-29T00:00:00Z")]
    [InlineData("15,45 8-10/2 1 1,7 *", "2026-01-01T08:15:00Z", "2026-01-01T08:45:00Z")]
    public void The_next_two_times_are(string text, string first, string second)
        => Assert.Equal([Time(first), Time(second)], Calendar.Parse(text).Upcoming(Time("2026-01-01T00:00:00Z"), 2));

    [Theory]
    // Berlin, 29 March 2026: 02:00 to 03:00 does not exist; 25 October: 02:00 to 03:00 comes twice.
    [InlineData("30 2 * * *", "2026-03-28T12:00:00Z", new[] { "2026-03-29T01:00:00Z", "2026-03-30T00:30:00Z" })]
    [InlineData("0 3 * * *", "2026-03-28T12:00:00Z", new[] { "2026-03-29T01:00:00Z", "2026-03-30T01:00:00Z" })]
    [InlineData("30 2 * * *", "2026-10-24T12:00:00Z", new[] { "2026-10-25T00:30:00Z", "2026-10-26T01:30:00Z" })]
    [InlineData("*/30 * * * *", "2026-03-29T00:29:00Z", new[] { "2026-03-29T00:30:00Z", "2026-03-29T01:00:00Z", "2026-03-29T01:30:00Z" })]
    [InlineData("*/30 * * * *", "2026-10-24T23:59:00Z", new[] { "2026-10-25T00:00:00Z", "2026-10-25T00:30:00Z", "2026-10-25T01:00:00Z", "2026-10-25T01:30:00Z" })]
    public void When_clocks_jump_nothing_is_lost_and_daily_things_happen_once(string text, string after, string[] expected)
        => Assert.Equal(expected.Select(Time), Calendar.Parse(text, "Europe/Berlin").Upcoming(Time(after), expected.Length));

    [Fact]
    public void A_jump_of_half_an_hour_and_one_at_midnight_are_understood_too()
    {
        // Lord Howe jumps from 02:00 to 02:30 (4 October 2026), Beirut from 00:00 to 01:00 (29 March 2026).
        Assert.Equal(Time("2026-10-03T15:30:00Z"), Calendar.Parse("15 2 * * *", "Australia/Lord_Howe").Next(Time("2026-10-03T00:00:00Z")));
        Assert.Equal(Time("2026-03-28T22:00:00Z"), Calendar.Parse("0 0 * * *", "Asia/Beirut").Next(Time("2026-03-28T12:00:00Z")));
    }

    [Theory]
    [InlineData("", "UTC", "no calendar expression")]
    [InlineData("61 * * * *", "UTC", "\"61\" is no minute")]
    [InlineData("* 24 * * *", "UTC", "\"24\" is no hour")]
    [InlineData("* * * * fr-mo", "UTC", "is no weekday")]
    [InlineData("*/0 * * * *", "UTC", "\"*/0\" is no minute")]
    [InlineData("0 0 31 2 *", "UTC", "never falls due")]
    [InlineData("0 0 * *", "UTC", "no calendar expression")]
    [InlineData("25:00", "UTC", "\"25\" is no hour")]
    [InlineData("daily", "Mars/Olympus", "\"Mars/Olympus\" is no time zone")]
    public void What_is_wrong_is_said(string text, string zone, string message)
        => Assert.Contains(message, Assert.Throws<FormatException>(() => Calendar.Parse(text, zone)).Message);

    private static DateTimeOffset Time(string text) => DateTimeOffset.Parse(text, CultureInfo.InvariantCulture);
}
