using HostAgent.TestSupport;
using HostAgent.TestSupport.Faults;
using HostAgent.TestSupport.Processes;

namespace HostAgent.EndToEnd.Tests.Support;

public sealed class SmallDiskTests
{
    [Fact]
    public async Task A_small_disk_fills_empties_and_stalls()
    {
        Assert.SkipUnless(PrivateMounts.Possible, "small disks need root and a mount namespace of their own");
        using var directory = new TempDirectory("small-disk");
        await using var check = ChildProcess.Start("self-check", [TortureProgram.Path, "self-check"], directory.File("log"));

        int code = await check.WaitAsync(TimeSpan.FromSeconds(60));

        Assert.True(code == 0, $"exit {code}:\n{check.Output}");
        Assert.Equal(5, check.Output.Split('\n').Count(line => line.StartsWith("ok ", StringComparison.Ordinal)));
    }
}
