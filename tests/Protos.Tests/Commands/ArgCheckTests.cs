using HostAgent.Protos.Commands;
using HostAgent.V1;

namespace HostAgent.Protos.Tests.Commands;

public sealed class ArgCheckTests
{
    private static readonly ArgDef[] Definitions =
    [
        new() { Name = "unit", Type = ArgType.Name, Required = true, Help = "The unit." },
        new() { Name = "lines", Type = ArgType.Integer, Min = 1, Max = 100, DefaultValue = "50" },
        new() { Name = "wait", Type = ArgType.Duration, Min = 1000, Max = 60_000 },
        new() { Name = "mode", Type = ArgType.Choice, Choices = { "fast", "safe" } },
        new() { Name = "file", Type = ArgType.Path, Max = 20 },
        new() { Name = "force", Type = ArgType.Boolean },
        new() { Name = "note", Type = ArgType.Text },
    ];

    [Theory]
    [InlineData("unit=a.service wait=30s mode=safe file=/var/log force=true", null)]
    [InlineData("lines=5", "argument unit is missing: The unit.")]
    [InlineData("unit=a lines=0", "argument lines: 0 is not within 1 and 100")]
    [InlineData("unit=a lines=ten", "argument lines: \"ten\" is not a whole number")]
    [InlineData("unit=a wait=2h", "argument wait: 2h is not within 1000 ms and 60000 ms")]
    [InlineData("unit=a wait=30", "argument wait: \"30\" is not a duration such as 30s, 5m or 1h30m")]
    [InlineData("unit=a mode=wild", "argument mode: \"wild\" is not one of fast, safe")]
    [InlineData("unit=a file=etc", "argument file: \"etc\" is not an absolute path")]
    [InlineData("unit=a file=/a/../b", "argument file: \"/a/../b\" has . or .. parts")]
    [InlineData("unit=a file=/0123456789/0123456789", "argument file: it has 22 characters, the limit is 20")]
    [InlineData("unit=-rf", "argument unit: \"-rf\" begins with a dash")]
    [InlineData("unit=a/b", "argument unit: \"a/b\" has spaces, slashes or control characters")]
    [InlineData("unit=a force=yes", "argument force: \"yes\" is neither true nor false")]
    [InlineData("unit=a other=1", "unknown argument \"other\"; it takes unit, lines, wait, mode, file, force, note")]
    [InlineData("unit=a unit=b", "argument unit stands twice")]
    public void Arguments_are_checked_and_the_message_says_which_and_why(string given, string? expected)
    {
        IEnumerable<Arg> args = given.Split(' ').Select(static p => new Arg { Name = p.Split('=')[0], Value = p.Split('=')[1] });
        Assert.Equal(expected, ArgCheck.Check(Definitions, args, out IReadOnlyDictionary<string, string> complete));
        if (expected is null)
        {
            Assert.Equal("50", complete["lines"]);
        }
    }

    [Fact]
    public void Control_characters_never_pass()
    {
        foreach (string name in new[] { "unit", "file", "note" })
        {
            Arg[] args = [new() { Name = "unit", Value = "a" }, new() { Name = name, Value = name == "file" ? "/a\u001b" : "a\u001b" }];
            Assert.NotNull(ArgCheck.Check(Definitions, name == "unit" ? args[1..] : args, out _));
        }
    }

    [Theory]
    [InlineData("500ms", 500)]
    [InlineData("1h30m", 5_400_000)]
    [InlineData("7d", 604_800_000)]
    [InlineData("", null)]
    [InlineData("-5s", null)]
    [InlineData("5", null)]
    [InlineData("9999999999s", null)]
    [InlineData("99999d", null)]
    public void Durations_are_read_as_operators_write_them(string text, int? expectedMs)
    {
        Assert.Equal(expectedMs is not null, ArgCheck.TryParseDuration(text, out TimeSpan duration));
        Assert.Equal(expectedMs ?? 0, duration.TotalMilliseconds);
    }
}
