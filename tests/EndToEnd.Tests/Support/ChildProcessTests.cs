using HostAgent.TestSupport;
using HostAgent.TestSupport.Processes;

namespace HostAgent.EndToEnd.Tests.Support;

public sealed class ChildProcessTests : IDisposable
{
    private readonly TempDirectory _directory = new("child-process");

    [Fact]
    public async Task Exit_code_and_both_outputs_are_seen()
    {
        await using ChildProcess child = Start("echo one; echo two >&2; exit 7");
        Assert.Equal(7, await child.WaitAsync(TimeSpan.FromSeconds(10)));
        Assert.Equal("one\ntwo\n", child.Output);
    }

    [Fact]
    public async Task The_pid_is_the_programs_own_so_that_a_signal_hits_it()
    {
        await using ChildProcess child = Start("trap 'exit 3' TERM; echo ready $$; while :; do sleep 0.05; done");
        await Eventually.TrueAsync(() => child.Output.StartsWith("ready", StringComparison.Ordinal), "the child is ready");
        Assert.Equal($"ready {child.Id}\n", child.Output);

        (int code, _) = await child.TerminateAsync(TimeSpan.FromSeconds(10));
        Assert.Equal(3, code);
    }

    [Fact]
    public async Task A_kill_shows_in_the_exit_code()
    {
        await using ChildProcess child = Start("exec sleep 60");
        await child.KillAsync();
        Assert.Equal(128 + 9, child.ExitCode);
    }

    [Fact]
    public async Task A_child_dies_with_the_program_that_started_it_even_by_kill()
    {
        // The test starts a shell as "the test program"; it arms the same guard for its own child, then is killed.
        await using ChildProcess parent = Start("setpriv --pdeathsig KILL -- sleep 60 & echo $!; wait");
        await Eventually.TrueAsync(() => parent.Output.EndsWith('\n'), "the grandchild's pid is known");
        string grandchild = $"/proc/{parent.Output.Trim()}";
        // Until setpriv has become sleep the guard may not be armed yet, and a kill would be too early to prove anything.
        await Eventually.TrueAsync(() => File.ReadAllText($"{grandchild}/comm") == "sleep\n", "the grandchild runs, guarded");

        await parent.KillAsync();
        await Eventually.TrueAsync(() => !Directory.Exists(grandchild) || State(grandchild) == 'Z', "the grandchild is gone");
    }

    public void Dispose() => _directory.Dispose();

    private static char State(string process)
    {
        try
        {
            return File.ReadAllText($"{process}/stat").Split(") ")[1][0];
        }
        catch (IOException)
        {
            return 'Z';
        }
    }

    private ChildProcess Start(string script) => ChildProcess.Start("child", ["/bin/sh", "-c", script], _directory.File("log"));
}
