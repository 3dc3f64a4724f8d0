using HostAgent.Agent.Cli;
using HostAgent.Agent.Commands;
using HostAgent.Agent.Configuration;
using HostAgent.Agent.Sampling;
using HostAgent.TestSupport;
using Microsoft.Extensions.Logging.Abstractions;

namespace HostAgent.Agent.Tests.Commands.Handlers;

/// <summary>Checks, and the commands that concern the agent itself, with the agent's own scheduler and settings.</summary>
public sealed class AgentCommandTests : IDisposable, ITickConsumer
{
    private readonly TempDirectory _folder = new("settings");
    private readonly SamplingScheduler _scheduler;
    private readonly AgentControl _agent;

    public AgentCommandTests()
    {
        Write("interval: 1s\n");
        AgentOptions options = Read();
        _scheduler = new SamplingScheduler(options.Sampling, new SeriesTable(), this, TimeProvider.System, NullLoggerFactory.Instance);
        _agent = new AgentControl(() => _scheduler, options, Read);
    }

    void ITickConsumer.OnTick(long timeUnixMs, ReadOnlySpan<int> groups, SeriesTable table)
    {
    }

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("echo all is well; exit 0", true, "ok", "disk is ok: all is well")]
    [InlineData("echo nearly full; exit 1", false, "warning", "disk is warning: nearly full")]
    [InlineData("echo full password=hunter2; exit 2", false, "critical", "disk is critical: full password=[redacted]")]
    [InlineData("exit 77", false, "unknown", "disk is unknown")]
    [InlineData("sleep 30", false, "unknown", "disk is unknown: it did not end within 1 s and was killed")]
    public async Task A_declared_check_runs_and_its_exit_code_is_its_verdict(string script, bool well, string verdict, string message)
    {
        Write($"checks:\n  disk:\n    command: [/bin/sh, -c, \"{script}\"]\n    timeout: 1s\n");
        _agent.ReloadSettings();
        var run = new HandlerRun("check.run", Setup(), ("check", "disk"));
        Assert.Equal(["check:disk"], (await run.PlanAsync()).Subjects);
        CommandOutcome outcome = await run.RunAsync();
        Assert.Equal((well, verdict, message), (outcome.Succeeded, outcome.Results!["verdict"], outcome.Message));
    }

    [Fact]
    public async Task A_check_that_is_not_declared_is_refused()
        => Assert.Contains("declare no check rm", (await new HandlerRun("check.run", Setup(), ("check", "rm")).PlanAsync()).Refusal, StringComparison.Ordinal);

    [Fact]
    public async Task A_sampler_is_read_at_another_interval()
    {
        var run = new HandlerRun("sampler.set-interval", Setup(), ("sampler", "cpu"), ("interval", "5s"));
        Assert.Equal("1000", (await run.PlanAsync()).Facts["interval_ms"]);
        CommandOutcome outcome = await run.RunAsync();
        Assert.True(outcome.Succeeded, outcome.Message);
        _scheduler.RunOnce();
        Assert.Equal(TimeSpan.FromSeconds(5), _scheduler.Intervals["cpu"]);
        Assert.Contains("not a multiple", (await new HandlerRun("sampler.set-interval", Setup(), ("sampler", "cpu"), ("interval", "1500ms")).PlanAsync()).Refusal, StringComparison.Ordinal);
        Assert.Contains("no sampler nosuch", (await new HandlerRun("sampler.set-interval", Setup(), ("sampler", "nosuch"), ("interval", "1s")).PlanAsync()).Refusal, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_reload_takes_over_what_it_can_and_names_what_waits()
    {
        Write("interval: 1s\nname: other\nsamplers:\n  cpu:\n    interval: 3s\ndatabases:\n  main:\n    env_file: /etc/default/x\n    retention:\n      tool_call_logs: created_at 30d\n");
        HandlerRun run = new("agent.reload", Setup());
        string[] expected = ["sampler cpu is read every 3s", "database main is declared", "name: changed, waits for the agent's next start"];
        Assert.Equal(expected, (await run.PlanAsync()).Steps);
        CommandOutcome outcome = await run.RunAsync();
        Assert.True(outcome.Succeeded, outcome.Message);
        Assert.Equal(string.Join('\n', expected) + "\n", run.Output);
        Assert.Equal(("created_at", TimeSpan.FromDays(30)), _agent.Targets.Databases["main"].Retention["tool_call_logs"]);
        _scheduler.RunOnce();
        Assert.Equal(["name: changed, waits for the agent's next start"], _agent.CheckSettings());
    }

    [Theory]
    [InlineData("intervall: 1s\n", "there is no setting \"intervall\"")]
    [InlineData("checks:\n  disk:\n    command: check_disk\n", "below one of command (a list), timeout")]
    [InlineData("checks:\n  disk:\n    command: [check_disk]\n", "a list that begins with an absolute path")]
    [InlineData("checks:\n  disk:\n    timeout: 5s\n", "needs a command")]
    [InlineData("databases:\n  main:\n    variable: X\n", "needs either env_file or url_file")]
    [InlineData("databases:\n  main:\n    url_file: relative\n", "the absolute path of a file")]
    [InlineData("databases:\n  main:\n    url_file: /x\n    retention:\n      t: created_at\n", "a column and the least age")]
    public async Task A_wrong_settings_file_changes_nothing_and_is_named(string text, string reason)
    {
        Write(text);
        Assert.Contains(reason, (await new HandlerRun("agent.reload", Setup()).PlanAsync()).Refusal, StringComparison.Ordinal);
        Assert.Throws<FormatException>(() => _agent.ReloadSettings());
        Assert.Empty(_agent.Targets.Checks);
    }

    private HandlerSetup Setup() => HandlerRun.Setup() with { Agent = _agent, Targets = () => _agent.Targets };

    private void Write(string text) => File.WriteAllText(_folder.File("agent.yaml"), text);

    private AgentOptions Read()
    {
        var builder = new OptionsBuilder();
        using var text = new StreamReader(_folder.File("agent.yaml"));
        builder.Add(SettingsFile.Parse(text, "agent.yaml"));
        return builder.Build();
    }
}
