using System.Text;
using HostAgent.TestSupport;

namespace HostAgent.Cli.Tests.Commands;

public sealed class HelpTests
{
    private static readonly string[] Commands =
        ["hosts", "top", "series", "query", "account", "health", "run", "commands", "approve", "cancel", "kinds", "key", "key create", "key show",
        "login", "logout", "whoami", "token", "token create", "token list", "token revoke", "audit", "audit list", "audit anchor", "audit verify", "completion"];

    [Fact]
    public async Task The_help_of_every_command_is_the_recorded_one()
    {
        var all = new StringBuilder();
        foreach (string[] arguments in Commands.Select(command => (string[])[.. command.Split(' '), "--help"]).Prepend(["--help"]))
        {
            HostctlRun run = await HostctlRun.RunAsync(new Dictionary<string, string>(), arguments);
            Assert.Equal(0, run.ExitCode);
            all.Append("$ hostctl ").AppendJoin(' ', arguments).Append('\n').Append(run.Output).Append('\n');
        }

        GoldenFile.Check("help.txt", all.ToString().ReplaceLineEndings("\n"));
    }

    [Fact]
    public async Task Every_command_has_examples_and_exit_codes()
    {
        foreach (string command in Commands)
        {
            string help = (await HostctlRun.RunAsync(new Dictionary<string, string>(), [.. command.Split(' '), "--help"])).Output;
            Assert.Contains("Exit codes:", help);
            Assert.Contains("hostctl " + command, help[help.IndexOf("Examples:", StringComparison.Ordinal)..]);
        }
    }

    [Fact]
    public async Task A_wrong_command_says_what_to_try()
    {
        HostctlRun run = await HostctlRun.RunAsync(new Dictionary<string, string>(), "hots");
        Assert.Equal(64, run.ExitCode);
        Assert.Contains("'hots'", run.Error);
        Assert.EndsWith("Try: hostctl --help\n", run.Error);
    }
}
