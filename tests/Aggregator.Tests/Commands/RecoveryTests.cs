using System.Text.Json;
using HostAgent.TestSupport;
using HostAgent.V1;

namespace HostAgent.Aggregator.Tests.Commands;

/// <summary>What becomes of commands when the aggregator, an agent or time itself gets in the way.</summary>
public sealed class RecoveryTests : IAsyncLifetime
{
    private readonly FakeTime _time = new(TimeProvider.System.GetUtcNow());
    private CommandHarness _aggregator = null!;

    public async ValueTask InitializeAsync() => _aggregator = await CommandHarness.StartAsync(_time);

    public ValueTask DisposeAsync() => _aggregator.DisposeAsync();

    [Fact]
    public async Task After_a_restart_what_was_not_delivered_is_delivered_and_what_runs_waits_for_its_report()
    {
        ScriptedAgent running = await _aggregator.AgentAsync(1);
        await _aggregator.AttachOnceAsync(2);
        string id = await _aggregator.CommandAsync(CommandLifecycleTests.Restart("web1,web2"));
        await CommandLifecycleTests.OrderAsync(running);
        await running.ReportAsync(id, CommandState.Running);
        await Eventually.TrueAsync(() => running.Acked == 1, "running is durable");
        await running.DisposeAsync();
        await _aggregator.RestartAsync();

        Assert.Equal(("running", "pending"), (await _aggregator.StateAsync(id, 1), await _aggregator.StateAsync(id, 2)));
        await using ScriptedAgent web1 = await _aggregator.AgentAsync(1, sequence: 1);
        await using ScriptedAgent web2 = await _aggregator.AgentAsync(2);
        await CommandLifecycleTests.OrderAsync(web2);
        await web2.CarryOutAsync(web2.Orders.Single());
        await web1.ReportAsync(id, CommandState.Succeeded);
        await _aggregator.BecomesAsync(id, 1, "succeeded");
        await _aggregator.BecomesAsync(id, 2, "succeeded");
        Assert.Empty(web1.Orders); // it said that it runs: it is never told again
    }

    [Fact]
    public async Task An_order_that_may_have_been_lost_on_the_way_is_handed_over_again_until_its_agent_reports()
    {
        ScriptedAgent first = await _aggregator.AgentAsync(1);
        string id = await _aggregator.CommandAsync(CommandLifecycleTests.Restart("web1"));
        await CommandLifecycleTests.OrderAsync(first);
        await first.DisposeAsync(); // it never reported: it may or may not have it
        await _aggregator.RestartAsync();
        await using ScriptedAgent second = await _aggregator.AgentAsync(1);
        CommandOrder again = await CommandLifecycleTests.OrderAsync(second);
        Assert.Equal((id, first.Orders.Single()), (again.Body.CommandId, again));
    }

    [Fact]
    public async Task A_host_that_does_not_come_until_not_after_makes_it_undeliverable()
    {
        await _aggregator.AttachOnceAsync(1);
        string id = await _aggregator.CommandAsync(CommandLifecycleTests.Restart("web1"));
        _time.Advance(TimeSpan.FromMinutes(4));
        Assert.Equal("pending", await _aggregator.StateAsync(id, 1));
        _time.Advance(TimeSpan.FromMinutes(2));
        await _aggregator.BecomesAsync(id, 1, "undeliverable");
        await using ScriptedAgent late = await _aggregator.AgentAsync(1);
        string next = await _aggregator.CommandAsync(CommandLifecycleTests.Restart("web1"));
        Assert.Equal(next, (await CommandLifecycleTests.OrderAsync(late)).Body.CommandId); // and it never sees the old one
        Assert.Single(late.Orders);
    }

    [Fact]
    public async Task A_run_whose_agent_is_silent_is_overdue_and_its_late_report_settles_it()
    {
        ScriptedAgent agent = await _aggregator.AgentAsync(1);
        string id = await _aggregator.CommandAsync(CommandLifecycleTests.Restart("web1"));
        await CommandLifecycleTests.OrderAsync(agent);
        await agent.ReportAsync(id, CommandState.Running);
        await Eventually.TrueAsync(() => agent.Acked == 1, "running is durable");
        await agent.DisposeAsync();
        _time.Advance(TimeSpan.FromMinutes(5) + TimeSpan.FromSeconds(40)); // not-after, 30 s to run, 15 s of grace: not yet
        Assert.False((await _aggregator.HostAsync(id, 1)).GetProperty("overdue").GetBoolean());
        _time.Advance(TimeSpan.FromSeconds(10));
        await Eventually.TrueAsync(async () => (await _aggregator.HostAsync(id, 1)).GetProperty("overdue").GetBoolean(), "it is overdue");
        JsonElement command = await _aggregator.GetAsync("/v1/commands/" + id);
        Assert.True(command.GetProperty("settled").GetBoolean());
        Assert.Equal(("open", "running"), (command.GetProperty("phase").GetString(), await _aggregator.StateAsync(id, 1)));

        await _aggregator.RestartAsync();
        await using ScriptedAgent back = await _aggregator.AgentAsync(1, sequence: 1);
        await back.ReportAsync(id, CommandState.Succeeded, "it had been done");
        await _aggregator.BecomesAsync(id, 1, "succeeded");
        Assert.Equal("concluded", (await _aggregator.GetAsync("/v1/commands/" + id)).GetProperty("phase").GetString());
    }

    [Fact]
    public async Task A_run_whose_agent_never_comes_back_ends_as_unknown()
    {
        ScriptedAgent agent = await _aggregator.AgentAsync(1);
        string id = await _aggregator.CommandAsync(CommandLifecycleTests.Restart("web1"));
        await CommandLifecycleTests.OrderAsync(agent);
        await agent.ReportAsync(id, CommandState.Running);
        await Eventually.TrueAsync(() => agent.Acked == 1, "running is durable");
        await agent.DisposeAsync();
        _time.JumpWallClock(_time.GetUtcNow() + TimeSpan.FromDays(8));
        _time.Advance(TimeSpan.FromSeconds(1));
        await _aggregator.BecomesAsync(id, 1, "unknown-reconciled");
        await using ScriptedAgent back = await _aggregator.AgentAsync(1, sequence: 1);
        await back.ReportAsync(id, CommandState.Failed, "disk full");
        await Eventually.TrueAsync(() => back.Acked == 2, "the late report is acknowledged");
        JsonElement host = await _aggregator.HostAsync(id, 1);
        Assert.Equal("unknown-reconciled", host.GetProperty("state").GetString());
        Assert.Equal("failed", host.GetProperty("lateReports")[0].GetProperty("state").GetString());
    }

    [Fact]
    public async Task A_report_that_comes_again_is_acknowledged_again_and_changes_nothing()
    {
        await using ScriptedAgent agent = await _aggregator.AgentAsync(1);
        string id = await _aggregator.CommandAsync(CommandLifecycleTests.Restart("web1"));
        await CommandLifecycleTests.OrderAsync(agent);
        await agent.CarryOutAsync(agent.Orders.Single());
        await Eventually.TrueAsync(() => agent.Acked == 3, "all are acknowledged");
        await _aggregator.RestartAsync();
        await using ScriptedAgent again = await _aggregator.AgentAsync(1);
        await again.CarryOutAsync(agent.Orders.Single());
        await Eventually.TrueAsync(() => again.Acked == 3, "all are acknowledged again");
        JsonElement host = await _aggregator.HostAsync(id, 1);
        Assert.Equal(("succeeded", "done"), (host.GetProperty("state").GetString(), host.GetProperty("message").GetString()));
        Assert.Equal(JsonValueKind.Null, host.GetProperty("lateReports").ValueKind);
    }

    [Fact]
    public async Task Nobody_approved_it_in_time()
    {
        CommandKindDef kind = new() { Kind = "agent.upgrade", Changes = true, Allowed = true, Signatures = 1 };
        await using ScriptedAgent agent = await _aggregator.AgentAsync(1, kinds: kind);
        string id = await _aggregator.CommandAsync(new { kind = "agent.upgrade", on = "web1", expiresIn = "1m" });
        Assert.Equal("pending-approval", (await _aggregator.GetAsync("/v1/commands/" + id)).GetProperty("phase").GetString());
        _time.Advance(TimeSpan.FromSeconds(61));
        await _aggregator.BecomesAsync(id, 1, "expired");
        Assert.Empty(agent.Orders);
    }

    [Fact]
    public async Task An_order_whose_delivery_is_in_doubt_past_its_time_is_asked_about_and_the_agent_decides()
    {
        ScriptedAgent first = await _aggregator.AgentAsync(1);
        string id = await _aggregator.CommandAsync(CommandLifecycleTests.Restart("web1"));
        await CommandLifecycleTests.OrderAsync(first);
        await first.DisposeAsync();
        _time.Advance(TimeSpan.FromMinutes(6));
        Assert.True((await _aggregator.HostAsync(id, 1)).GetProperty("overdue").GetBoolean());
        await using ScriptedAgent back = await _aggregator.AgentAsync(1);
        await CommandLifecycleTests.OrderAsync(back);
        await back.ReportAsync(id, CommandState.Expired, "its time was over before it began");
        await _aggregator.BecomesAsync(id, 1, "expired");
    }
}
