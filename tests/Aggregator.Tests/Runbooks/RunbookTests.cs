using System.Net;
using System.Text.Json;
using HostAgent.Aggregator.Commands;
using HostAgent.Aggregator.Runbooks;
using HostAgent.Aggregator.Tests.Commands;
using HostAgent.TestSupport;
using HostAgent.V1;

namespace HostAgent.Aggregator.Tests.Runbooks;

/// <summary>Runbooks over HTTP with a scripted agent, and through a restart of the aggregator.</summary>
public sealed class RunbookTests : IAsyncLifetime
{
    private CommandHarness _aggregator = null!;

    public async ValueTask InitializeAsync() => _aggregator = await CommandHarness.StartAsync();

    public ValueTask DisposeAsync() => _aggregator.DisposeAsync();

    [Fact]
    public async Task Steps_follow_each_other_and_an_approval_holds_them()
    {
        await using ScriptedAgent agent = await ObedientAsync(static _ => CommandState.Succeeded);
        string run = await StartAsync("""
            name: t
            parameters:
              - { name: host, required: true }
            steps:
              - { name: First, command: service.restart, on: "${host}", args: { unit: one } }
              - { name: Ask, approval: "Go on with ${host}?" }
              - { name: Second, command: service.restart, on: "${host}", args: { unit: two } }
            """);
        await BecomesAsync(run, "approval");
        Assert.Equal("Go on with web1?", (await RunAsync(run)).GetProperty("steps")[1].GetProperty("message").GetString());
        Assert.Single(agent.Orders);
        Assert.Equal(HttpStatusCode.OK, (await _aggregator.PostAsync($"/v1/runbook-runs/{run}/approve", new { reason = "yes" })).Status);
        await BecomesAsync(run, "succeeded");
        Assert.Equal(["one", "two"], agent.Orders.Select(static o => o.Body.Args[0].Value));
        Assert.Equal("approved by local-admin", (await RunAsync(run)).GetProperty("steps")[1].GetProperty("message").GetString());
    }

    [Fact]
    public async Task After_a_crash_in_a_step_it_goes_on_with_the_same_command_and_nothing_is_done_twice()
    {
        ScriptedAgent agent = await _aggregator.AgentAsync(1);
        string run = await StartAsync("""
            name: t
            parameters: [ { name: host, required: true } ]
            steps:
              - { name: First, command: service.restart, on: "${host}", args: { unit: one } }
              - { name: Second, command: service.restart, on: "${host}", args: { unit: two } }
            """);
        CommandOrder first = await CommandLifecycleTests.OrderAsync(agent);
        await agent.ReportAsync(first.Body.CommandId, CommandState.Running);
        await Eventually.TrueAsync(() => agent.Acked == 1, "running is durable");
        await agent.DisposeAsync();
        await _aggregator.RestartAsync();

        await using ScriptedAgent back = await ObedientAsync(static _ => CommandState.Succeeded, sequence: 1);
        await back.ReportAsync(first.Body.CommandId, CommandState.Succeeded);
        await BecomesAsync(run, "succeeded");
        Assert.Equal("two", Assert.Single(back.Orders).Body.Args[0].Value);
        Assert.Equal(first.Body.CommandId, (await RunAsync(run)).GetProperty("steps")[0].GetProperty("command").GetString());
    }

    [Fact]
    public async Task What_was_done_is_taken_back_in_reverse_order_when_a_step_fails()
    {
        await using ScriptedAgent agent = await ObedientAsync(static order => order.Body.Args[0].Value == "three" ? CommandState.Failed : CommandState.Succeeded);
        string run = await StartAsync("""
            name: t
            parameters: [ { name: host, required: true } ]
            steps:
              - { name: One, command: service.restart, on: "${host}", args: { unit: one }, rollback: { command: service.restart, args: { unit: undo-one } } }
              - { name: Two, command: service.restart, on: "${host}", args: { unit: two }, rollback: { command: service.restart, args: { unit: undo-two } } }
              - { name: Three, command: service.restart, on: "${host}", args: { unit: three }, on-failure: rollback }
              - { name: Four, command: service.restart, on: "${host}", args: { unit: four } }
            """);
        await BecomesAsync(run, "failed");
        Assert.Equal(["one", "two", "three", "undo-two", "undo-one"], agent.Orders.Select(static o => o.Body.Args[0].Value));
        Assert.Equal(["rolledback", "rolledback", "failed", "skipped"], await StatesAsync(run));
    }

    [Fact]
    public async Task A_repeated_command_is_asked_again_until_it_succeeds_and_a_wait_has_a_deadline()
    {
        int asked = 0;
        await using ScriptedAgent agent = await ObedientAsync(_ => Interlocked.Increment(ref asked) < 2 ? CommandState.Failed : CommandState.Succeeded);
        string run = await StartAsync("""
            name: t
            parameters: [ { name: host, required: true } ]
            steps:
              - { name: Ready, command: service.restart, on: "${host}", args: { unit: probe }, repeat: true, within: 1m }
              - { name: Never, wait-until: "no_such_metric == 1", within: 1s, on-failure: continue }
              - { name: Stop, wait-until: "no_such_metric == 1", within: 1s }
            """);
        await BecomesAsync(run, "failed");
        Assert.Equal(2, agent.Orders.Count);
        Assert.Equal(["succeeded", "failed", "failed"], await StatesAsync(run));
        Assert.Contains("did not hold within 1 s", (await RunAsync(run)).GetProperty("steps")[2].GetProperty("message").GetString());
    }

    [Fact]
    public async Task Cancelling_ends_the_command_that_is_at_work()
    {
        await using ScriptedAgent agent = await _aggregator.AgentAsync(1);
        string run = await StartAsync("""
            name: t
            parameters: [ { name: host, required: true } ]
            steps:
              - { name: First, command: service.restart, on: "${host}", args: { unit: one } }
              - { name: Second, command: service.restart, on: "${host}", args: { unit: two } }
            """);
        await CommandLifecycleTests.OrderAsync(agent);
        await _aggregator.PostAsync($"/v1/runbook-runs/{run}/cancel", new { reason = "wrong host" });
        await BecomesAsync(run, "cancelled");
        await Eventually.TrueAsync(() => agent.Cancels.Count == 1, "the agent is asked to give it up");
        Assert.Equal(["failed", "skipped"], await StatesAsync(run));
    }

    [Fact]
    public async Task The_plan_says_what_each_step_would_do_now_and_does_nothing()
    {
        await using ScriptedAgent agent = await ObedientAsync(static _ => CommandState.Succeeded);
        await PutAsync("""
            name: t
            parameters: [ { name: host, required: true } ]
            steps:
              - { name: First, command: service.restart, on: "${host}", args: { unit: one } }
              - { name: Wait, wait-until: "no_such_metric == 1" }
              - { name: Ask, approval: "Really?" }
              - { name: Unknown, command: host.wipe, on: "${host}" }
            """);
        (_, JsonElement plan) = await _aggregator.PostAsync("/v1/runbooks/t/plan", new { args = new { host = "web1" } });
        string[] now = [.. plan.GetProperty("steps").EnumerateArray().Select(static s => s.GetProperty("now").GetString()!)];
        Assert.Equal("web1: succeeded, did one", now[0]);
        Assert.StartsWith("does not hold now", now[1]);
        Assert.Contains("does not know host.wipe", now[3]);
        Assert.True(Assert.Single(agent.Orders).Body.DryRun);
    }

    [Fact]
    public async Task The_stock_runbooks_are_on_the_shelf_and_complete()
    {
        JsonElement shelf = await _aggregator.GetAsync("/v1/runbooks");
        Assert.Equal(
            ["emergency-restart", "free-disk-space", "too-many-connections"],
            shelf.GetProperty("runbooks").EnumerateArray().Where(static r => r.GetProperty("stock").GetBoolean()).Select(static r => r.GetProperty("name").GetString()));
        foreach (JsonElement stock in shelf.GetProperty("runbooks").EnumerateArray())
        {
            string yaml = (await _aggregator.GetAsync("/v1/runbooks/" + stock.GetProperty("name").GetString())).GetProperty("yaml").GetString()!;
            Runbook runbook = RunbookParser.Parse(yaml);
            SortedDictionary<string, string> values = runbook.Complete(new Dictionary<string, string> { ["host"] = "web1" });
            for (int i = 0; i < runbook.Steps.Count; i++)
            {
                RunbookStep step = runbook.Step(i, values);
                Assert.DoesNotContain("${", string.Join(' ', step.Args.Values) + step.On + step.WaitUntil + step.Approval, StringComparison.Ordinal);
                Assert.True(step.WaitUntil is null || ProbeCondition.Parse(step.WaitUntil).Selector is not null);
            }
        }
    }

    [Theory]
    [InlineData("name: t\nsteps: []", "1 to 100 steps")]
    [InlineData("name: t\nsteps:\n  - { name: a, comand: x, on: y }", "Line 3: comand of the step: there is no such field")]
    [InlineData("name: t\nsteps:\n  - { name: a }", "Line 3: command of the step: a step has one of")]
    [InlineData("name: t\nsteps:\n  - { name: a, command: x }", "Line 3: on of the step: say on which hosts")]
    [InlineData("name: t\nsteps:\n  - { name: a, command: x, on: y, timeout: soon }", "\"soon\" is no duration")]
    [InlineData("name: t\nsteps:\n  - { name: a, command: x, on: y, on-failure: cry }", "\"cry\" is none of")]
    [InlineData("name: [", "Line")]
    [InlineData("a: &a [*a, *a]", "Line")]
    public void A_wrong_runbook_is_refused_with_the_line(string yaml, string message)
        => Assert.Contains(message, Assert.Throws<CommandException>(() => RunbookParser.Parse(yaml)).Message);

    [Fact]
    public async Task A_schedule_starts_a_runbook()
    {
        await using ScriptedAgent agent = await ObedientAsync(static _ => CommandState.Succeeded);
        await PutAsync("name: t\nsteps:\n  - { name: First, command: service.restart, on: web1, args: { unit: one } }\n");
        using HttpResponseMessage set = await _aggregator.Http.PutAsync(
            new Uri("/v1/schedules/often", UriKind.Relative), new StringContent("""{"at":"* * * * *","runbook":"t"}""", null, "application/json"));
        Assert.Equal(HttpStatusCode.OK, set.StatusCode);
        JsonElement schedule = await _aggregator.GetAsync("/v1/schedules/often");
        Assert.Equal(("t", "skip"), (schedule.GetProperty("runbook").GetString(), schedule.GetProperty("missed").GetString()));
        Assert.NotNull(schedule.GetProperty("next").GetString());
        using HttpResponseMessage none = await _aggregator.Http.PutAsync(
            new Uri("/v1/schedules/never", UriKind.Relative), new StringContent("""{"at":"* * * * *","runbook":"nobody"}""", null, "application/json"));
        Assert.Equal(HttpStatusCode.NotFound, none.StatusCode);
    }

    private async Task<ScriptedAgent> ObedientAsync(Func<CommandOrder, CommandState> end, ulong sequence = 0)
    {
        var ready = new TaskCompletionSource<ScriptedAgent>();
        ScriptedAgent agent = await _aggregator.AgentAsync(
            1, sequence, async order => await (await ready.Task).CarryOutAsync(order, end(order), "did " + order.Body.Args[0].Value));
        ready.SetResult(agent);
        return agent;
    }

    private async Task PutAsync(string yaml)
    {
        using HttpResponseMessage put = await _aggregator.Http.PutAsync(
            new Uri("/v1/runbooks/t", UriKind.Relative), new StringContent(JsonSerializer.Serialize(new { yaml }), null, "application/json"));
        Assert.True(put.IsSuccessStatusCode, await put.Content.ReadAsStringAsync());
    }

    private async Task<string> StartAsync(string yaml)
    {
        await PutAsync(yaml);
        (HttpStatusCode status, JsonElement run) = await _aggregator.PostAsync("/v1/runbooks/t/run", new { args = new { host = "web1" } });
        Assert.True(status == HttpStatusCode.Created, run.ToString());
        return run.GetProperty("id").GetString()!;
    }

    private Task<JsonElement> RunAsync(string run) => _aggregator.GetAsync("/v1/runbook-runs/" + run);

    private async Task<string[]> StatesAsync(string run)
        => [.. (await RunAsync(run)).GetProperty("steps").EnumerateArray().Select(static s => s.GetProperty("state").GetString()!)];

    private Task BecomesAsync(string run, string state)
        => Eventually.TrueAsync(async () => (await RunAsync(run)).GetProperty("state").GetString() == state, $"the run is {state}");
}
