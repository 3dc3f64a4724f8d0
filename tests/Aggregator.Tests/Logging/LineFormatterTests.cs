using HostAgent.Aggregator.Logging;
using HostAgent.TestSupport;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace HostAgent.Aggregator.Tests.Logging;

public sealed class LineFormatterTests
{
    [Fact]
    public void For_people_a_line_has_time_level_room_and_message()
        => Assert.Equal("2026-01-01 00:00:00.000Z warn  Room: hello\n", Write(LogLevel.Warning, "hello", null, journald: false));

    [Fact]
    public void For_journald_a_line_has_the_syslog_level_and_no_time()
    {
        Assert.Equal("<6>Room: hello\n", Write(LogLevel.Information, "hello", null, journald: true));
        Assert.Equal("<3>Room: hello System.InvalidOperationException: why\n", Write(LogLevel.Error, "hello", new InvalidOperationException("why"), journald: true));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void What_somebody_else_said_cannot_write_a_line_or_move_the_cursor(bool journald)
    {
        string line = Write(LogLevel.Information, "host \"a\n<0>b\e[2J\"", null, journald);
        Assert.Equal(1, line.Count(c => c == '\n'));
        Assert.DoesNotContain('\e', line);
        Assert.Contains("a | <0>b?[2J", line);
    }

    private static string Write(LogLevel level, string message, Exception? exception, bool journald)
    {
        var formatter = new LineFormatter(new FakeTime(), Options.Create(new LineFormatterOptions { Journald = journald }));
        using var text = new StringWriter();
        formatter.Write(new LogEntry<string>(level, "HostAgent.Aggregator.Room", default, message, exception, (state, _) => state), null, text);
        return text.ToString();
    }
}
