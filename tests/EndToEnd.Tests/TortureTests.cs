using System.Text.RegularExpressions;
using HostAgent.TestSupport;
using HostAgent.TestSupport.Processes;

namespace HostAgent.EndToEnd.Tests;

/// <summary>The short form of <c>./build.sh torture</c>: the same program, a fixed seed.</summary>
public sealed partial class TortureTests
{
    [Fact]
    public async Task After_25_seconds_of_kills_cuts_and_full_disks_nothing_acknowledged_is_lost_and_every_account_balances()
    {
        using var directory = new TempDirectory("torture-short");
        await using var torture = ChildProcess.Start(
            "torture", [TortureProgram.Path, "25", "--seed", "20260", "--directory", directory.FullPath], directory.File("log"));

        int code = await torture.WaitAsync(TimeSpan.FromMinutes(5));

        directory.Keep = code != 0;
        Assert.True(code == 0, $"exit {code}, kept: {directory.FullPath}\n{torture.Tail(60)}");
        int kills = int.Parse(Kills().Match(torture.Output).Groups[1].Value, System.Globalization.CultureInfo.InvariantCulture);
        Assert.True(kills >= 5, $"only {kills} kills");
    }

    [GeneratedRegex("([0-9]+) kills by SIGKILL")]
    private static partial Regex Kills();
}
