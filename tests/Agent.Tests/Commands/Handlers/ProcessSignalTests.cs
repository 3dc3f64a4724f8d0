using System.Diagnostics;
using System.Globalization;
using HostAgent.Agent.Commands;
using HostAgent.Agent.Linux;

namespace HostAgent.Agent.Tests.Commands.Handlers;

public sealed class ProcessSignalTests : IDisposable
{
    private readonly Process _victim = Process.Start("sleep", "300");

    private long StartTicks => ProcessIdentity.Read(new LinuxRoots(), _victim.Id)!.StartTicks;

    public void Dispose()
    {
        _victim.Kill();
        _victim.Dispose();
    }

    [Fact]
    public async Task TERM_ends_the_process_that_was_meant_and_waits_for_its_end()
    {
        HandlerRun run = Run(StartTicks, "TERM");
        CommandPlan plan = await run.PlanAsync();
        Assert.Equal([$"process:{_victim.Id}:sleep"], plan.Subjects);
        Assert.Equal("sleep 300", plan.Facts["command_line"]);
        CommandOutcome outcome = await run.RunAsync();
        Assert.True(outcome.Succeeded, outcome.Message);
        Assert.Equal("true", outcome.Results!["ended"]);
        await _victim.WaitForExitAsync();
        Assert.Equal(143, _victim.ExitCode);
        Assert.True((await run.ReconcileAsync(DateTimeOffset.UtcNow))!.Succeeded);
    }

    [Fact]
    public async Task Another_process_with_the_same_number_is_left_alone()
    {
        HandlerRun run = Run(StartTicks - 1, "KILL");
        Assert.Contains("not the one meant any more", (await run.PlanAsync()).Refusal, StringComparison.Ordinal);
        Assert.False(_victim.HasExited);
    }

    [Fact]
    public async Task One_that_was_replaced_between_plan_and_run_is_left_alone()
    {
        HandlerRun run = Run(StartTicks, "KILL");
        await run.PlanAsync();
        _victim.Kill();
        await _victim.WaitForExitAsync();
        CommandOutcome outcome = await run.RunAsync();
        Assert.False(outcome.Succeeded);
        Assert.Contains("nothing was sent", outcome.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task One_that_ignores_TERM_is_a_failure_that_says_so()
    {
        using Process deaf = Process.Start(new ProcessStartInfo("sh", ["-c", "trap '' TERM; echo armed; while :; do sleep 0.1; done"]) { RedirectStandardOutput = true })!;
        try
        {
            await deaf.StandardOutput.ReadLineAsync();
            long ticks = ProcessIdentity.Read(new LinuxRoots(), deaf.Id)!.StartTicks;
            var run = new HandlerRun("process.signal", HandlerRun.Setup(), ("pid", Text(deaf.Id)), ("start_ticks", Text(ticks)), ("wait", "200ms"));
            CommandOutcome outcome = await run.RunAsync();
            Assert.False(outcome.Succeeded);
            Assert.Contains("still runs after 200ms", outcome.Message, StringComparison.Ordinal);
            Assert.Null(await run.ReconcileAsync(DateTimeOffset.UtcNow));
        }
        finally
        {
            deaf.Kill(entireProcessTree: true);
        }
    }

    [Fact]
    public async Task The_agent_itself_and_a_process_that_is_not_there_are_refused()
    {
        long own = ProcessIdentity.Read(new LinuxRoots(), Environment.ProcessId)!.StartTicks;
        var self = new HandlerRun("process.signal", HandlerRun.Setup(), ("pid", Text(Environment.ProcessId)), ("start_ticks", Text(own)));
        Assert.Equal("that is the agent itself", (await self.PlanAsync()).Refusal);
        var nobody = new HandlerRun("process.signal", HandlerRun.Setup(), ("pid", "2147483646"), ("start_ticks", "1"));
        Assert.Contains("no process", (await nobody.PlanAsync()).Refusal, StringComparison.Ordinal);
    }

    [Fact]
    public void A_name_with_parentheses_and_newlines_does_not_hide_the_start_time()
    {
        string fields = string.Join(' ', Enumerable.Range(5, 48).Select(static i => i == 22 ? "777" : "0"));
        ProcessIdentity identity = ProcessIdentity.Parse(9, System.Text.Encoding.UTF8.GetBytes($"9 (a) R 1\n(b) S 4 {fields}\n"))!;
        Assert.Equal(new ProcessIdentity(9, 777, "a) R 1?(b", 'S', 4), identity);
    }

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);

    private HandlerRun Run(long ticks, string signal)
        => new("process.signal", HandlerRun.Setup(), ("pid", Text(_victim.Id)), ("start_ticks", Text(ticks)), ("signal", signal));
}
