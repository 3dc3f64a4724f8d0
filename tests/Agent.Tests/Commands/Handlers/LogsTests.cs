using System.IO.Compression;
using HostAgent.Agent.Commands;
using HostAgent.TestSupport;

namespace HostAgent.Agent.Tests.Commands.Handlers;

public sealed class LogsTests : IDisposable
{
    private readonly TempDirectory _folder = new("logs");

    private string Log => _folder.File("app.log");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Rename_puts_the_file_aside_makes_it_anew_with_its_permissions_and_compresses()
    {
        await File.WriteAllTextAsync(Log, "one\ntwo\n");
        File.SetUnixFileMode(Log, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead);
        HandlerRun run = Rotate();
        CommandPlan plan = await run.PlanAsync();
        Assert.Equal(["path:" + Log], plan.Subjects);
        CommandOutcome outcome = await run.RunAsync();
        Assert.True(outcome.Succeeded, outcome.Message);
        Assert.Equal(0, new FileInfo(Log).Length);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead, File.GetUnixFileMode(Log));
        Assert.Equal("one\ntwo\n", Unzip(outcome.Results!["rotated_to"] + ".gz"));
        Assert.Equal(2, Directory.GetFiles(_folder.FullPath).Length);
    }

    [Fact]
    public async Task What_a_process_still_writes_is_compressed_the_next_time()
    {
        await File.WriteAllTextAsync(Log, "old\n");
        using (var writer = System.Diagnostics.Process.Start(new System.Diagnostics.ProcessStartInfo("sh", ["-c", $"exec 3>>{Log}; echo open; read x; echo late >&3"]) { RedirectStandardInput = true, RedirectStandardOutput = true })!)
        {
            await writer.StandardOutput.ReadLineAsync();
            CommandOutcome first = await Rotate().RunAsync();
            Assert.Equal("0", first.Results!["compressed"]);
            Assert.True(File.Exists(first.Results["rotated_to"]));
            await writer.StandardInput.WriteLineAsync();
            await writer.WaitForExitAsync();
        }

        await File.AppendAllTextAsync(Log, "new\n");
        CommandOutcome second = await Rotate().RunAsync();
        Assert.Equal("2", second.Results!["compressed"]);
        Assert.Equal(["old\nlate\n", "new\n"], Directory.GetFiles(_folder.FullPath, "*.gz").Order().Select(Unzip));
    }

    [Fact]
    public async Task Copytruncate_keeps_the_file_that_is_open()
    {
        await using var writer = new FileStream(Log, FileMode.Append, FileAccess.Write, FileShare.ReadWrite);
        await writer.WriteAsync("before\n"u8.ToArray());
        await writer.FlushAsync();
        CommandOutcome outcome = await Rotate(("method", "copytruncate")).RunAsync();
        Assert.True(outcome.Succeeded, outcome.Message);
        Assert.Equal("before\n", Unzip(outcome.Results!["rotated_to"] + ".gz"));
        using var shared = new StreamReader(new FileStream(Log, FileMode.Open, FileAccess.Read, FileShare.ReadWrite));
        Assert.Equal("", await shared.ReadToEndAsync());
    }

    [Fact]
    public async Task Only_so_many_are_kept_and_only_its_own_generations_are_removed()
    {
        string stranger = _folder.File("app.log-important-notes");
        await File.WriteAllTextAsync(stranger, "x");
        for (int day = 10; day < 20; day++)
        {
            await File.WriteAllTextAsync(_folder.File($"app.log-202601{day}T000000Z.gz"), "x");
        }

        await File.WriteAllTextAsync(Log, "x\n");
        HandlerRun run = Rotate(("keep", "3"));
        Assert.Contains("remove the oldest: app.log-20260110T000000Z.gz", (await run.PlanAsync()).Steps[^1], StringComparison.Ordinal);
        CommandOutcome outcome = await run.RunAsync();
        Assert.Equal("8", outcome.Results!["removed"]);
        Assert.True(File.Exists(stranger));
        Assert.Equal(["app.log-20260118T000000Z.gz", "app.log-20260119T000000Z.gz"], Directory.GetFiles(_folder.FullPath, "app.log-2026011*").Select(Path.GetFileName).Order());
    }

    [Fact]
    public async Task Links_are_refused_wherever_they_stand_in_the_path()
    {
        string victim = _folder.File("victim");
        await File.WriteAllTextAsync(victim, "secret\n");
        File.CreateSymbolicLink(Log, victim);
        Assert.Contains("symbolic link", (await Rotate().PlanAsync()).Refusal, StringComparison.Ordinal);

        Directory.CreateSymbolicLink(_folder.File("dir"), _folder.FullPath);
        Assert.Contains("symbolic link", (await new HandlerRun("logs.rotate", HandlerRun.Setup(), ("path", _folder.File("dir", "victim"))).PlanAsync()).Refusal, StringComparison.Ordinal);
        Assert.Contains("symbolic link", (await new HandlerRun("logs.tail", HandlerRun.Setup(), ("path", _folder.File("dir", "victim"))).PlanAsync()).Refusal, StringComparison.Ordinal);

        File.Delete(Log);
        await TestSupportLink(victim, Log);
        Assert.Contains("hard links", (await Rotate().PlanAsync()).Refusal, StringComparison.Ordinal);
        Assert.Equal("secret\n", await File.ReadAllTextAsync(victim));
    }

    [Fact]
    public async Task A_file_that_became_a_link_between_plan_and_run_is_left_alone()
    {
        string victim = _folder.File("victim");
        await File.WriteAllTextAsync(victim, "secret\n");
        await File.WriteAllTextAsync(Log, "x\n");
        HandlerRun run = Rotate(("method", "copytruncate"));
        await run.PlanAsync();
        File.Delete(Log);
        File.CreateSymbolicLink(Log, victim);
        Assert.False((await run.RunAsync()).Succeeded);
        Assert.Equal("secret\n", await File.ReadAllTextAsync(victim));
    }

    [Fact]
    public async Task After_a_crash_the_inode_tells_what_became_of_it()
    {
        await File.WriteAllTextAsync(Log, "x\n");
        HandlerRun run = Rotate();
        await run.PlanAsync();
        Assert.False((await run.ReconcileAsync(DateTimeOffset.UtcNow))!.Succeeded);
        string aside = _folder.File("app.log-20260101T000000Z");
        File.Move(Log, aside);
        Assert.Contains("no new file was made", (await run.ReconcileAsync(DateTimeOffset.UtcNow))!.Message, StringComparison.Ordinal);
        await File.WriteAllTextAsync(Log, "");
        Assert.True((await run.ReconcileAsync(DateTimeOffset.UtcNow))!.Succeeded);
    }

    [Fact]
    public async Task Tail_shows_the_last_lines_that_match_without_secrets()
    {
        await File.WriteAllLinesAsync(Log, Enumerable.Range(0, 100_000).Select(static i => $"line {i} padding padding ERROR password=p{i}"));
        var run = new HandlerRun("logs.tail", HandlerRun.Setup(), ("path", Log), ("lines", "3"), ("contains", "error"));
        CommandOutcome outcome = await run.RunAsync();
        Assert.True(outcome.Succeeded, outcome.Message);
        string[] lines = run.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(3, lines.Length);
        Assert.StartsWith("line 99999 ", lines[2], StringComparison.Ordinal);
        Assert.DoesNotContain("p99999", lines[2], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Tail_needs_a_file_or_a_unit_and_takes_no_pipe()
    {
        Assert.NotNull((await new HandlerRun("logs.tail", HandlerRun.Setup()).PlanAsync()).Refusal);
        await System.Diagnostics.Process.Start("mkfifo", Log).WaitForExitAsync();
        Assert.Contains("no ordinary file", (await new HandlerRun("logs.tail", HandlerRun.Setup(), ("path", Log)).PlanAsync()).Refusal, StringComparison.Ordinal);
    }

    private static async Task TestSupportLink(string from, string to) => await System.Diagnostics.Process.Start("ln", [from, to]).WaitForExitAsync();

    private static string Unzip(string path)
    {
        using var reader = new StreamReader(new GZipStream(File.OpenRead(path), CompressionMode.Decompress));
        return reader.ReadToEnd();
    }

    private HandlerRun Rotate(params (string, string)[] more) => new("logs.rotate", HandlerRun.Setup(), [("path", Log), .. more]);
}
