using System.Diagnostics;
using System.Text;
using HostAgent.Agent.Commands;
using HostAgent.TestSupport;

namespace HostAgent.Agent.Tests.Commands;

public sealed class ProcessRunnerTests
{
    private static readonly ProcessRunner Runner = new();

    [Fact]
    public async Task Both_outputs_and_the_exit_code_come_back()
    {
        ProcessResult result = await Runner.RunAsync(["/bin/sh", "-c", "echo out; echo err >&2; exit 3"]);
        Assert.Equal(new ProcessResult(3, "out\n", "err\n", false), result);
    }

    [Fact]
    public async Task An_argument_is_one_argument_whatever_stands_in_it()
    {
        const string hostile = "$(touch /tmp/x); `id` \"'\n* --help";
        Assert.Equal(hostile + "|", (await Runner.RunAsync(["/usr/bin/printf", "%s|", hostile])).Output);
    }

    [Fact]
    public async Task The_program_sees_nothing_of_the_agents_environment()
    {
        Environment.SetEnvironmentVariable("HOSTAGENT_SECRET_OF_THIS_TEST", "x");
        string output = (await Runner.RunAsync(["/usr/bin/env"], new Dictionary<string, string> { ["GIVEN"] = "yes" })).Output;
        Assert.Equal(["GIVEN", "LANG", "PATH"], output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split('=')[0]).Order());
    }

    [Fact]
    public async Task Output_over_the_limit_is_read_but_not_kept()
    {
        long seen = 0;
        ProcessResult result = await Runner.RunAsync(
            ["/usr/bin/head", "-c", "3000000", "/dev/zero"], maxOutputBytes: 1000, onOutput: piece => Interlocked.Add(ref seen, piece.Length));
        Assert.Equal((0, 1000, true, 3_000_000), (result.ExitCode, result.Output.Length, result.Truncated, seen));
    }

    [Fact]
    public async Task Input_arrives_whole_and_one_that_is_not_read_does_no_harm()
    {
        byte[] input = Encoding.ASCII.GetBytes(new string('x', 300_000));
        Assert.StartsWith("300000", (await Runner.RunAsync(["/usr/bin/wc", "-c"], input: input)).Output, StringComparison.Ordinal);
        Assert.Equal(0, (await Runner.RunAsync(["/bin/true"], input: input)).ExitCode);
    }

    [Fact]
    public async Task Cancellation_kills_the_program_and_its_descendants_at_once()
    {
        using var folder = new TempDirectory("runner");
        string pids = folder.File("pids");
        using var cancel = new CancellationTokenSource();
        Task<ProcessResult> run = Runner.RunAsync(["/bin/sh", "-c", $"sleep 300 & echo $! $$ > {pids}.new; mv {pids}.new {pids}; wait"], cancellation: cancel.Token);
        await Eventually.TrueAsync(() => File.Exists(pids), "the program runs");
        long began = Stopwatch.GetTimestamp();
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => run);
        Assert.True(Stopwatch.GetElapsedTime(began) < TimeSpan.FromSeconds(10));
        foreach (string pid in (await File.ReadAllTextAsync(pids)).Split([' ', '\n'], StringSplitOptions.RemoveEmptyEntries))
        {
            await Eventually.TrueAsync(() => !File.Exists($"/proc/{pid}/cmdline") || File.ReadAllText($"/proc/{pid}/cmdline").Length == 0, $"process {pid} is gone");
        }
    }

    [Fact]
    public async Task A_daemon_that_holds_the_output_open_is_not_waited_for()
    {
        using var folder = new TempDirectory("runner");
        ProcessResult result = await Runner.RunAsync(["/bin/sh", "-c", $"(sleep 30 & echo $! > {folder.File("pid")}); echo done"]).WaitAsync(TimeSpan.FromSeconds(15));
        Assert.Equal((0, "done\n"), (result.ExitCode, result.Output));
        using Process left = Process.GetProcessById(int.Parse(await File.ReadAllTextAsync(folder.File("pid")), System.Globalization.CultureInfo.InvariantCulture));
        left.Kill();
    }

    [Fact]
    public async Task What_cannot_be_started_is_said_with_its_name()
    {
        IOException error = await Assert.ThrowsAsync<IOException>(() => Runner.RunAsync(["/nowhere/at/all"]));
        Assert.Contains("/nowhere/at/all cannot be started", error.Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<ArgumentException>(() => Runner.RunAsync(["ls"]));
    }

    [Fact]
    public async Task A_signal_that_ends_it_shows_in_the_exit_code()
        => Assert.Equal(137, (await Runner.RunAsync(["/bin/sh", "-c", "kill -9 $$"])).ExitCode);
}
