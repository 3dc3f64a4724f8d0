using System.Text.RegularExpressions;
using HostAgent.TestSupport;
using HostAgent.TestSupport.Processes;

namespace HostAgent.Agent.Tests.Commands;

/// <summary>The short form of <c>./build.sh torture-commands</c>: the same program, a fixed seed.</summary>
public sealed partial class CommandTortureTests
{
    [Fact]
    public async Task After_40_commands_whose_agents_are_killed_at_every_boundary_each_has_one_effect_at_most_and_one_final_state()
    {
        using var directory = new TempDirectory("command-torture");
        await using var torture = ChildProcess.Start(
            "torture", [Path.Combine(AppContext.BaseDirectory, "HostAgent.CommandTorture"), "40", "--seed", "20261122", "--directory", directory.FullPath], directory.File("log"));

        int code = await torture.WaitAsync(TimeSpan.FromMinutes(8));

        directory.Keep = code != 0;
        Assert.True(code == 0, $"exit {code}, kept: {directory.FullPath}\n{torture.Tail(60)}");
        Match kills = Kills().Match(torture.Output);
        Assert.True(int.Parse(kills.Groups[1].Value, System.Globalization.CultureInfo.InvariantCulture) >= 40, torture.Tail());
    }

    [GeneratedRegex("([0-9]+) kills by SIGKILL")]
    private static partial Regex Kills();
}
