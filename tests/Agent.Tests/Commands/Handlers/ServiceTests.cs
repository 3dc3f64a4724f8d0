using System.Diagnostics;
using HostAgent.Agent.Commands;
using HostAgent.TestSupport.Components;

namespace HostAgent.Agent.Tests.Commands.Handlers;

/// <summary>The service commands against a real systemd.</summary>
[Collection("systemd")]
public sealed class ServiceTests(SystemdFixture fixture)
{
    private RealSystemd Systemd => fixture.Systemd;

    [Fact]
    public async Task A_unit_is_started_reloaded_restarted_and_stopped_and_each_time_it_is_really_so()
    {
        CommandOutcome started = await Run("start", "web").RunAsync();
        Assert.True(started.Succeeded, started.Message);
        Assert.Equal("active", await Systemd.ShowAsync("web", "ActiveState"));
        string first = await Systemd.ShowAsync("web", "InvocationID");

        HandlerRun restart = Run("restart", "web.service");
        CommandPlan plan = await restart.PlanAsync();
        Assert.Equal(["unit:web.service"], plan.Subjects);
        Assert.Equal(("active", first), (plan.Facts["active_state"], plan.Facts["invocation_id"]));
        CommandOutcome restarted = await restart.RunAsync();
        Assert.True(restarted.Succeeded, restarted.Message);
        Assert.NotEqual(first, await Systemd.ShowAsync("web", "InvocationID"));
        Assert.Equal(await Systemd.ShowAsync("web", "MainPID"), restarted.Results!["main_pid"]);

        CommandOutcome stopped = await Run("stop", "web").RunAsync();
        Assert.True(stopped.Succeeded, stopped.Message);
        Assert.Equal("inactive", await Systemd.ShowAsync("web", "ActiveState"));
        Assert.Contains("nothing", Assert.Single((await Run("stop", "web").PlanAsync()).Steps), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Reload_asks_a_running_unit_that_can_and_refuses_all_others()
    {
        await Run("stop", "web").RunAsync();
        Assert.Contains("only what is active", (await Run("reload", "web").PlanAsync()).Refusal, StringComparison.Ordinal);
        await Run("start", "stubborn").RunAsync();
        Assert.Contains("no ExecReload", (await Run("reload", "stubborn").PlanAsync()).Refusal, StringComparison.Ordinal);
        await Systemd.InstallAsync(("reloads.service", "[Service]\nExecStart=/bin/sleep 1000\nExecReload=/bin/touch /share/reloaded\n"));
        await Run("start", "reloads").RunAsync();
        CommandOutcome outcome = await Run("reload", "reloads").RunAsync();
        Assert.True(outcome.Succeeded, outcome.Message);
        Assert.True(File.Exists(Path.Combine(Systemd.Share, "reloaded")));
    }

    [Fact]
    public async Task A_unit_that_ends_at_once_is_a_failure_with_its_reason_and_its_last_lines_without_secrets()
    {
        CommandOutcome outcome = await Run("start", "broken").RunAsync();
        Assert.False(outcome.Succeeded);
        Assert.Contains("Result=exit-code", outcome.Message, StringComparison.Ordinal);
        Assert.Contains("exit code 3", outcome.Message, StringComparison.Ordinal);
        Assert.Contains("cannot bind port 8000", outcome.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", outcome.Message, StringComparison.Ordinal);
        Assert.Equal("failed", outcome.Results!["active_state"]);
    }

    [Fact]
    public async Task A_unit_that_systemd_starts_again_and_again_is_a_failure()
    {
        CommandOutcome outcome = await Run("restart", "flapping").RunAsync();
        await Run("stop", "flapping").RunAsync();
        Assert.False(outcome.Succeeded, outcome.Message);
        Assert.Contains("systemd starts it again", outcome.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_unit_that_systemd_refuses_after_too_many_starts_is_started_nevertheless()
    {
        for (int i = 0; i < 6; i++)
        {
            await Systemd.RunAsync("systemctl", "start", "broken");
        }

        string refused = await Systemd.ShowAsync("broken", "InvocationID");
        Assert.NotEqual(0, (await Systemd.RunAsync("systemctl", "start", "broken")).ExitCode);
        Assert.Equal(refused, await Systemd.ShowAsync("broken", "InvocationID"));
        CommandOutcome outcome = await Run("start", "broken").RunAsync();
        Assert.Contains("exit code 3", outcome.Message, StringComparison.Ordinal); // it ran
        Assert.NotEqual(refused, outcome.Results!["invocation_id"]);
    }

    [Fact]
    public async Task A_unit_that_restarted_by_itself_before_can_be_restarted_by_hand()
    {
        await Run("start", "web").RunAsync();
        string pid = await Systemd.ShowAsync("web", "MainPID");
        await Systemd.RunAsync("kill", "-9", pid);
        await TestSupport.Eventually.TrueAsync(async () => await Systemd.ShowAsync("web", "NRestarts") != "0", "systemd restarted it");
        CommandOutcome outcome = await Run("restart", "web").RunAsync();
        Assert.True(outcome.Succeeded, outcome.Message);
    }

    [Fact]
    public async Task A_oneshot_that_ran_to_its_end_is_a_success()
    {
        CommandOutcome outcome = await Run("start", "once").RunAsync();
        Assert.True(outcome.Succeeded, outcome.Message);
        Assert.Contains("ran to its end", outcome.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_stop_that_had_to_kill_says_so()
    {
        await Run("start", "stubborn").RunAsync();
        CommandOutcome outcome = await Run("stop", "stubborn").RunAsync();
        Assert.True(outcome.Succeeded, outcome.Message);
        Assert.Equal(("failed", "timeout"), (outcome.Results!["active_state"], outcome.Results["result"]));
    }

    [Theory]
    [InlineData("start", "nosuch", "no unit nosuch.service")]
    [InlineData("restart", "tmp.mount", "no name of a service")]
    [InlineData("start", "rescue.target", "no name of a service")]
    [InlineData("start", "manual", "may not be started by hand")]
    [InlineData("start", "systemd-udevd", "masked")]
    [InlineData("enable", "once", "no [Install]")]
    [InlineData("stop", "a$c", "no name")]
    public async Task What_cannot_be_done_is_refused_before_anything_is(string verb, string unit, string reason)
    {
        _ = Systemd;
        var run = new HandlerRun("service." + verb, Setup(), ("unit", unit));
        Assert.Contains(reason, (await run.PlanAsync()).Refusal, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Enable_and_disable_change_what_the_next_boot_starts_and_nothing_now()
    {
        await Run("stop", "web").RunAsync();
        CommandOutcome enabled = await Run("enable", "web").RunAsync();
        Assert.True(enabled.Succeeded, enabled.Message);
        Assert.Equal("enabled", (await Systemd.RunAsync("systemctl", "is-enabled", "web")).Output.Trim());
        Assert.Equal("inactive", await Systemd.ShowAsync("web", "ActiveState"));
        CommandOutcome disabled = await Run("disable", "web").RunAsync();
        Assert.True(disabled.Succeeded, disabled.Message);
        Assert.Equal("disabled", (await Systemd.RunAsync("systemctl", "is-enabled", "web")).Output.Trim());
    }

    [Fact]
    public async Task Without_the_private_socket_the_system_bus_serves()
    {
        string socket = $"{Systemd.Root}/run/systemd/private";
        File.Move(socket, socket + ".away");
        try
        {
            CommandOutcome outcome = await Run("restart", "web").RunAsync();
            Assert.True(outcome.Succeeded, outcome.Message);
            Assert.Equal("done", outcome.Results!["job_result"]);
        }
        finally
        {
            File.Move(socket + ".away", socket);
        }
    }

    [Fact]
    public async Task A_cancelled_wait_ends_at_once_and_leaves_the_job_to_systemd()
    {
        HandlerRun run = Run("start", "slow");
        await run.PlanAsync();
        long began = Stopwatch.GetTimestamp();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => run.RunAsync(TimeSpan.FromMilliseconds(500)));
        Assert.True(Stopwatch.GetElapsedTime(began) < TimeSpan.FromSeconds(5));
        Assert.Equal("activating", await Systemd.ShowAsync("slow", "ActiveState"));
        await Systemd.RunAsync("systemctl", "kill", "-s", "KILL", "slow");
    }

    [Fact]
    public async Task After_a_crash_the_truth_is_found_by_looking()
    {
        await Run("start", "web").RunAsync();
        HandlerRun restart = Run("restart", "web");
        await restart.PlanAsync();
        CommandOutcome? notYet = await restart.ReconcileAsync(DateTimeOffset.UtcNow);
        Assert.False(notYet!.Succeeded);
        await Systemd.RunAsync("systemctl", "restart", "web");
        CommandOutcome? done = await restart.ReconcileAsync(DateTimeOffset.UtcNow);
        Assert.True(done!.Succeeded, done.Message);

        HandlerRun stop = Run("stop", "web");
        await stop.PlanAsync();
        Assert.False((await stop.ReconcileAsync(DateTimeOffset.UtcNow))!.Succeeded);
        await Systemd.RunAsync("systemctl", "stop", "web");
        Assert.True((await stop.ReconcileAsync(DateTimeOffset.UtcNow))!.Succeeded);
        HandlerRun reload = Run("reload", "web");
        await reload.PlanAsync();
        Assert.Null(await reload.ReconcileAsync(DateTimeOffset.UtcNow));
    }

    private HandlerSetup Setup() => HandlerRun.Setup(Systemd.Root);

    private HandlerRun Run(string verb, string unit) => verb is "start" or "restart"
        ? new HandlerRun("service." + verb, Setup(), ("unit", unit), ("settle", "1s"))
        : new HandlerRun("service." + verb, Setup(), ("unit", unit));
}
