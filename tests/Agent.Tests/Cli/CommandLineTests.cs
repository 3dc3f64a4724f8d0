using HostAgent.Agent.Cli;

namespace HostAgent.Agent.Tests.Cli;

public sealed class CommandLineTests
{
    [Fact]
    public void Options_take_their_value_after_a_blank_or_an_equals_sign()
    {
        var line = CommandLine.Parse(["run", "--aggregator", "https://x:1", "--state=/s", "--interval", "2s", "--trace", "t", "--name", "n"]);
        Assert.Equal(("run", "t"), (line.Command, line.Trace));
        Assert.Equal(
            ["aggregator=https://x:1", "state=/s", "interval=2s", "name=n"],
            line.Settings.Select(setting => $"{setting.Name}={setting.Value}"));
    }

    [Theory]
    [InlineData("a command is missing")]
    [InlineData("there is no command rum; did you mean \"run\"?", "rum")]
    [InlineData("there is no option --agregator; did you mean \"--aggregator\"?", "run", "--agregator", "x")]
    [InlineData("--aggregator needs a value", "run", "--aggregator")]
    [InlineData("--aggregator needs a value", "run", "--aggregator", "--state", "x")]
    [InlineData("run does not know what to do with fast", "run", "fast")]
    [InlineData("check-config needs the FILE", "check-config")]
    [InlineData("--json goes with sample, commands and kinds only", "run", "--json")]
    [InlineData("execute needs the KIND", "execute")]
    [InlineData("NAME=VALUE, not nginx", "execute", "service.restart", "nginx")]
    [InlineData("go with execute only", "run", "--dry-run")]
    public void What_makes_no_sense_is_said_so(string message, params string[] args)
    {
        var error = Assert.Throws<UsageException>(() => CommandLine.Parse(args));
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("version", "--version")]
    [InlineData("help", "--help")]
    [InlineData("help", "run", "--help")]
    [InlineData("help", "-h")]
    public void Version_and_help_win(string command, params string[] args) => Assert.Equal(command, CommandLine.Parse(args).Command);

    [Fact]
    public void The_help_names_every_exit_code_and_option()
    {
        foreach (var word in new[] { "64", "70", "73", "77", "78", "--aggregator", "--ca", "--state", "--name", "--interval", "--log-level", "--config", "--endpoints", "--trace", "--json", "--dry-run", "--override-budget" })
        {
            Assert.Contains(word, HelpText.Text, StringComparison.Ordinal);
        }
    }
}
