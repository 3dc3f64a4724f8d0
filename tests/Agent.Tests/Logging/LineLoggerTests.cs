using System.Text;
using HostAgent.Agent.Logging;
using HostAgent.TestSupport;
using Microsoft.Extensions.Logging;

namespace HostAgent.Agent.Tests.Logging;

public sealed class LineLoggerTests
{
    [Theory]
    [InlineData(LineFormat.Journal, LogLevel.Error, "<3>two | lines\n")]
    [InlineData(LineFormat.Journal, LogLevel.Information, "<6>two | lines\n")]
    [InlineData(LineFormat.File, LogLevel.Warning, "2026-01-01T00:00:00.000Z warning two | lines\n")]
    public void A_message_is_one_line_that_begins_as_its_reader_expects(LineFormat format, LogLevel level, string line) =>
        Assert.Equal(line, Write(format, level, "two\nlines"));

    [Fact]
    public void At_a_terminal_lines_are_kept_and_indented() =>
        Assert.EndsWith("ERROR two\n  lines\n", Write(LineFormat.Terminal, LogLevel.Error, "two\nlines"), StringComparison.Ordinal);

    [Fact]
    public void What_is_less_severe_than_asked_for_is_not_written() => Assert.Equal("", Write(LineFormat.File, LogLevel.Debug, "noise"));

    private static string Write(LineFormat format, LogLevel level, string message)
    {
        using var output = new MemoryStream();
        new LineLogger(output, format, LogLevel.Information, new FakeTime()).Log(level, default, message, null, (text, _) => text);
        return Encoding.UTF8.GetString(output.ToArray());
    }
}
