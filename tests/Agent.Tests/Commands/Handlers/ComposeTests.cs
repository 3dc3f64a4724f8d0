using HostAgent.Agent.Commands;
using HostAgent.Agent.Containers;
using HostAgent.TestSupport.Components;

namespace HostAgent.Agent.Tests.Commands.Handlers;

/// <summary>The Compose commands against a real Docker daemon, on containers with the labels that Compose gives them (where no Compose program is
/// installed, as on this kind of machine, the agent goes by those).</summary>
[Collection("docker")]
public sealed class ComposeTests(DockerFixture fixture)
{
    private const string Loop = "trap 'exit 0' TERM; while :; do sleep 0.1; done";
    private const string Yaml = "services:\n  web:\n    image: box:1\n    depends_on: [db]\n  db:\n    image: box:1\n    environment: {POSTGRES_PASSWORD: x}\nvolumes: {data: {}}\n";

    private RealDocker Docker => fixture.Docker;

    [Fact]
    public async Task A_project_is_stopped_and_started_by_its_directory_in_the_order_of_its_dependencies()
    {
        Assert.SkipWhen(ComposeProjectProgram() is not null, "a Compose program is installed: the agent would use it");
        string folder = Path.Combine(Docker.Root, "srv", "Mcp.App");
        Directory.CreateDirectory(folder);
        await File.WriteAllTextAsync(Path.Combine(folder, "docker-compose.yml"), Yaml);
        await Docker.StartContainerAsync("app-web-1", Loop, Labels("web"));
        Assert.Contains("db has no container", (await Run("up").PlanAsync()).Refusal, StringComparison.Ordinal);
        await Docker.StartContainerAsync("app-db-1", Loop, Labels("db"));
        await Docker.StartContainerAsync("stranger", Loop, "--label", "com.docker.compose.project=other", "--label", "com.docker.compose.service=web");

        HandlerRun down = Run("down");
        Assert.Equal(("mcpapp", "db web"), ((await down.PlanAsync()).Facts["project"], down.Plan!.Facts["running"]));
        Assert.Equal(["compose:/srv/Mcp.App"], down.Plan.Subjects);
        CommandOutcome outcome = await down.RunAsync();
        Assert.True(outcome.Succeeded, outcome.Message);
        Assert.Equal(("exited", "running"), (await Docker.InspectAsync("app-db-1", "{{.State.Status}}"), await Docker.InspectAsync("stranger", "{{.State.Status}}")));
        Assert.True((await down.ReconcileAsync(DateTimeOffset.UtcNow))!.Succeeded);

        HandlerRun up = Run("up");
        Assert.Equal(["start app-db-1, which is exited", "start app-web-1, which is exited"], (await up.PlanAsync()).Steps);
        Assert.Null(await up.ReconcileAsync(DateTimeOffset.UtcNow));
        outcome = await up.RunAsync();
        Assert.True(outcome.Succeeded, outcome.Message);
        Assert.Equal("running", await Docker.InspectAsync("app-web-1", "{{.State.Status}}"));
        Assert.Contains("has no service postgres; it has db, web", (await Run("up", ("services", "postgres")).PlanAsync()).Refusal, StringComparison.Ordinal);
        await Docker.RunAsync("rm", "-f", "app-web-1", "app-db-1", "stranger");
    }

    [Fact]
    public async Task A_directory_without_a_Compose_file_is_refused()
    {
        Directory.CreateDirectory(Path.Combine(Docker.Root, "srv", "empty"));
        var run = new HandlerRun("compose.up", HandlerRun.Setup(Docker.Root), ("directory", "/srv/empty"));
        Assert.Contains("holds no Compose file", (await run.PlanAsync()).Refusal, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("services:\n  a:\n    depends_on: [b]\n  b:\n    depends_on:\n      a:\n        condition: service_healthy\n", "in a circle")]
    [InlineData("services: {}\n", "no services")]
    [InlineData("- a\n", "line 1")]
    [InlineData("services:\n  a: [\n", "line")]
    public void A_wrong_file_is_named(string text, string reason)
        => Assert.Contains(reason, Assert.Throws<FormatException>(() => ComposeFile.Parse(text, "/srv/app")).Message, StringComparison.Ordinal);

    [Fact]
    public void The_name_of_the_file_wins_over_that_of_the_directory()
        => Assert.Equal("own", ComposeFile.Parse("name: own\nservices:\n  a: {image: x}\n", "/srv/app").Name);

    private static string? ComposeProjectProgram() => Agent.Commands.Handlers.ComposeProject.Program;

    private static string[] Labels(string service) => ["--label", "com.docker.compose.project=mcpapp", "--label", "com.docker.compose.service=" + service];

    private HandlerRun Run(string verb, params (string, string)[] more)
        => new("compose." + verb, HandlerRun.Setup(Docker.Root), [("directory", "/srv/Mcp.App"), ("stop_timeout", "3s"), .. more]);
}
