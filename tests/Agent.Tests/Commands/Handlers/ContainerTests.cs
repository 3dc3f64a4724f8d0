using HostAgent.Agent.Commands;
using HostAgent.TestSupport.Components;

namespace HostAgent.Agent.Tests.Commands.Handlers;

/// <summary>The container commands against a real Docker daemon.</summary>
[Collection("docker")]
public sealed class ContainerTests(DockerFixture fixture)
{
    private const string Loop = "trap 'exit 0' TERM; while :; do sleep 0.1; done";

    private RealDocker Docker => fixture.Docker;

    [Fact]
    public async Task A_container_is_restarted_stopped_and_started_and_each_time_it_is_really_so()
    {
        await Docker.StartContainerAsync("web", Loop);
        string first = await Docker.InspectAsync("web", "{{.State.StartedAt}}");
        HandlerRun restart = Run("restart", "web");
        CommandPlan plan = await restart.PlanAsync();
        Assert.Equal(["container:web"], plan.Subjects);
        Assert.Equal("running", plan.Facts["status"]);
        CommandOutcome outcome = await restart.RunAsync();
        Assert.True(outcome.Succeeded, outcome.Message);
        Assert.NotEqual(first, await Docker.InspectAsync("web", "{{.State.StartedAt}}"));
        Assert.True((await restart.ReconcileAsync(DateTimeOffset.UtcNow))!.Succeeded);

        HandlerRun stop = Run("stop", "web");
        outcome = await stop.RunAsync();
        Assert.True(outcome.Succeeded, outcome.Message);
        Assert.Equal("exited", await Docker.InspectAsync("web", "{{.State.Status}}"));
        Assert.True((await stop.ReconcileAsync(DateTimeOffset.UtcNow))!.Succeeded);
        Assert.Contains("nothing", (await Run("stop", "web").PlanAsync()).Steps[0], StringComparison.Ordinal);

        outcome = await Run("start", "web").RunAsync();
        Assert.True(outcome.Succeeded, outcome.Message);
        Assert.Equal("running", await Docker.InspectAsync("web", "{{.State.Status}}"));
        await Docker.RunAsync("rm", "-f", "web");
    }

    [Fact]
    public async Task One_that_ends_at_once_is_a_failure_with_its_exit_code_and_last_lines_without_secrets()
    {
        await Docker.StartContainerAsync("broken", "echo password=hunter2; echo no database >&2; exit 7");
        CommandOutcome outcome = await Run("start", "broken").RunAsync();
        Assert.False(outcome.Succeeded);
        Assert.Contains("exit code 7", outcome.Message, StringComparison.Ordinal);
        Assert.Contains("no database", outcome.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", outcome.Message, StringComparison.Ordinal);
        await Docker.RunAsync("rm", "-f", "broken");
    }

    [Fact]
    public async Task Health_is_awaited_and_a_sick_one_is_a_failure_that_says_why()
    {
        string[] check = ["--health-interval", "300ms", "--health-retries", "1", "--health-cmd"];
        await Docker.StartContainerAsync("well", Loop, [.. check, "/bin/true"]);
        await Docker.StartContainerAsync("sick", Loop, [.. check, "echo the queue is full; exit 1"]);
        CommandOutcome well = await Run("restart", "well").RunAsync();
        Assert.True(well.Succeeded, well.Message);
        Assert.Equal("healthy", well.Results!["health"]);
        CommandOutcome sick = await Run("restart", "sick").RunAsync();
        Assert.False(sick.Succeeded);
        Assert.Contains("the queue is full", sick.Message, StringComparison.Ordinal);
        await Docker.RunAsync("rm", "-f", "well", "sick");
    }

    [Fact]
    public async Task One_that_does_not_exist_and_a_name_that_is_none_are_refused()
    {
        Assert.Equal("there is no container nosuch", (await Run("restart", "nosuch").PlanAsync()).Refusal);
        Assert.Contains("no name of a container", (await Run("restart", "..%2F..").PlanAsync()).Refusal, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Diagnose_names_what_is_not_well_and_shows_its_last_lines()
    {
        await Docker.StartContainerAsync("dead", "echo token=abcdef0123; echo cannot open the queue; exit 9");
        await TestSupport.Eventually.TrueAsync(async () => await Docker.InspectAsync("dead", "{{.State.Status}}") == "exited", "it has ended");
        var run = new HandlerRun("diagnose", HandlerRun.Setup(Docker.Root));
        CommandOutcome outcome = await run.RunAsync();
        Assert.True(outcome.Succeeded, outcome.Message);
        Assert.Contains("dead: exited, exit code 9", run.Output, StringComparison.Ordinal);
        Assert.Contains("cannot open the queue", run.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("abcdef0123", run.Output, StringComparison.Ordinal);
        Assert.Contains("systemd does not run on this host", run.Output, StringComparison.Ordinal);
        await Docker.RunAsync("rm", "-f", "dead");
    }

    private HandlerRun Run(string verb, string container) => verb == "stop"
        ? new HandlerRun("container.stop", HandlerRun.Setup(Docker.Root), ("container", container), ("stop_timeout", "3s"))
        : verb == "start" ? new HandlerRun("container.start", HandlerRun.Setup(Docker.Root), ("container", container), ("settle", "1s"))
        : new HandlerRun("container.restart", HandlerRun.Setup(Docker.Root), ("container", container), ("settle", "1s"), ("stop_timeout", "3s"));
}
