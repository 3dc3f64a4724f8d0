using System.Collections.Concurrent;
using System.Net;
using System.Text.Json;
using HostAgent.TestSupport;
using HostAgent.V1;

namespace HostAgent.Aggregator.Tests.Commands;

/// <summary>Batches, canaries, limits and the fleet's budget.</summary>
public sealed class RolloutTests : IAsyncLifetime
{
    private readonly List<ScriptedAgent> _agents = [];
    private CommandHarness _aggregator = null!;

    public async ValueTask InitializeAsync() => _aggregator = await CommandHarness.StartAsync();

    public async ValueTask DisposeAsync()
    {
        foreach (ScriptedAgent agent in _agents)
        {
            await agent.DisposeAsync();
        }

        await _aggregator.DisposeAsync();
    }

    [Fact]
    public async Task The_canary_goes_first_and_when_it_fails_nobody_follows()
    {
        await AttachAsync(4, agent => order => agent.CarryOutAsync(order, CommandState.Failed, "no such unit"));
        string id = await _aggregator.CommandAsync(Restart(new { canary = 1 }));
        await Eventually.TrueAsync(async () => (await _aggregator.GetAsync("/v1/commands/" + id)).GetProperty("phase").GetString() == "concluded", "it is over");
        JsonElement command = await _aggregator.GetAsync("/v1/commands/" + id);
        Assert.Equal(1, command.GetProperty("counts").GetProperty("failed").GetInt32());
        Assert.Equal(3, command.GetProperty("counts").GetProperty("cancelled").GetInt32());
        Assert.Equal("1 of 4 hosts ended badly, 0 may", command.GetProperty("stopped").GetString());
        Assert.Equal(1, _agents.Sum(static a => a.Orders.Count));
    }

    [Fact]
    public async Task Batches_follow_each_other_and_no_more_than_allowed_are_at_work()
    {
        var order = new ConcurrentQueue<string>();
        int atWork = 0, most = 0;
        await AttachAsync(7, agent => async received =>
        {
            int now = Interlocked.Increment(ref atWork);
            most = Math.Max(most, now);
            order.Enqueue(agent.HostId);
            await agent.ReportAsync(received.Body.CommandId, CommandState.Running);
            await agent.ProgressAsync(received.Body.CommandId, 50, "working");
            Interlocked.Decrement(ref atWork);
            await agent.ReportAsync(received.Body.CommandId, CommandState.Succeeded);
        });
        string id = await _aggregator.CommandAsync(Restart(new { canary = 1, batch = "3", maxConcurrent = 2 }));
        await Eventually.TrueAsync(async () => (await _aggregator.GetAsync("/v1/commands/" + id)).GetProperty("phase").GetString() == "concluded", "it is over");
        Assert.Equal(7, (await _aggregator.GetAsync("/v1/commands/" + id)).GetProperty("counts").GetProperty("succeeded").GetInt32());
        Assert.InRange(most, 1, 2);
        string[] seen = [.. order];
        Assert.Equal(ScriptedAgent.Id(1), seen[0]);
        Assert.Equal(Enumerable.Range(2, 3).Select(ScriptedAgent.Id), seen[1..4].Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_probe_that_does_not_hold_stops_the_rollout_between_batches()
    {
        await AttachAsync(3, agent => order => agent.CarryOutAsync(order));
        string id = await _aggregator.CommandAsync(Restart(new { canary = 1, probe = "probe_success{job=\"shop\"} == 1", probeWithin = "1s" }));
        await Eventually.TrueAsync(async () => (await _aggregator.GetAsync("/v1/commands/" + id)).GetProperty("phase").GetString() == "concluded", "it is over");
        JsonElement command = await _aggregator.GetAsync("/v1/commands/" + id);
        Assert.Contains("has no sample of the last minute", command.GetProperty("stopped").GetString());
        Assert.Equal((1, 2), (command.GetProperty("counts").GetProperty("succeeded").GetInt32(), command.GetProperty("counts").GetProperty("cancelled").GetInt32()));
    }

    [Fact]
    public async Task A_rollout_goes_on_after_a_restart_where_it_was()
    {
        await AttachAsync(1, _ => _ => Task.CompletedTask);
        await _aggregator.AttachOnceAsync(2);
        string id = await _aggregator.CommandAsync(Restart(new { canary = 1 }));
        await CommandLifecycleTests.OrderAsync(_agents[0]);
        await _aggregator.RestartAsync();
        await AttachAsync(2, agent => order => agent.CarryOutAsync(order));
        await Eventually.TrueAsync(async () => (await _aggregator.GetAsync("/v1/commands/" + id)).GetProperty("phase").GetString() == "concluded", "it is over");
        Assert.Equal(2, (await _aggregator.GetAsync("/v1/commands/" + id)).GetProperty("counts").GetProperty("succeeded").GetInt32());
    }

    [Theory]
    [InlineData("web1", new[] { 1 })]
    [InlineData("web3,web1", new[] { 1, 3 })]
    [InlineData("all", new[] { 1, 2, 3 })]
    [InlineData("{host=~\"web[12]\"}", new[] { 1, 2 })]
    [InlineData("{host=~\"web.*\",host!=\"web2\"}", new[] { 1, 3 })]
    [InlineData("00000000000000000000000000000002", new[] { 2 })]
    [InlineData("host=web2", new[] { 2 })]
    public async Task Targets_are_named_labelled_or_selected(string on, int[] expected)
    {
        await AttachAsync(3, _ => _ => Task.CompletedTask);
        (HttpStatusCode status, JsonElement preview) = await _aggregator.PostAsync("/v1/commands/preview", new { kind = "service.restart", on, args = new { unit = "nginx" } });
        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Equal(expected.Select(ScriptedAgent.Id), preview.GetProperty("targets").EnumerateArray().Select(static t => t.GetProperty("id").GetString()));
        Assert.Equal(expected.Length, preview.GetProperty("order").GetProperty("targets").GetArrayLength());
    }

    [Fact]
    public async Task Hosts_that_cannot_do_it_stop_the_command_unless_they_are_left_out()
    {
        await AttachAsync(1, agent => order => agent.CarryOutAsync(order));
        CommandKindDef forbidden = ScriptedAgent.Restart.Clone();
        forbidden.Allowed = false;
        _agents.Add(await _aggregator.AgentAsync(2, kinds: forbidden));
        (HttpStatusCode refused, JsonElement problem) = await _aggregator.PostAsync("/v1/commands", CommandLifecycleTests.Restart("all"));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, refused);
        Assert.Contains("web2: its policy does not allow service.restart", problem.GetProperty("detail").GetString());
        string id = await _aggregator.CommandAsync(new { kind = "service.restart", on = "all", args = new { unit = "nginx" }, skipUnfit = true });
        await _aggregator.BecomesAsync(id, 1, "succeeded");
        Assert.Empty(_agents[1].Orders);
    }

    private static object Restart(object rollout) => new { kind = "service.restart", on = "all", args = new { unit = "nginx" }, rollout };

    private async Task AttachAsync(int count, Func<ScriptedAgent, Func<CommandOrder, Task>> script)
    {
        for (int i = 1; i <= count; i++)
        {
            var ready = new TaskCompletionSource<ScriptedAgent>();
            ScriptedAgent agent = await _aggregator.AgentAsync(i, onOrder: async order => await script(await ready.Task)(order));
            ready.SetResult(agent);
            _agents.Add(agent);
        }
    }
}
