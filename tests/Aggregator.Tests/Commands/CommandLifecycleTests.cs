using System.Net;
using System.Text.Json;
using HostAgent.TestSupport;
using HostAgent.V1;

namespace HostAgent.Aggregator.Tests.Commands;

/// <summary>One command from the request to its final state, over HTTP, gRPC and SQLite.</summary>
public sealed class CommandLifecycleTests : IAsyncLifetime
{
    private CommandHarness _aggregator = null!;

    public async ValueTask InitializeAsync() => _aggregator = await CommandHarness.StartAsync();

    public ValueTask DisposeAsync() => _aggregator.DisposeAsync();

    [Fact]
    public async Task A_command_reaches_its_agent_and_ends_in_the_state_that_the_agent_reports()
    {
        await using ScriptedAgent agent = await _aggregator.AgentAsync(1);
        string id = await _aggregator.CommandAsync(Restart("web1"));
        await Eventually.TrueAsync(() => agent.Orders.Count == 1, "the order arrives");
        OrderBody body = agent.Orders.Single().Body;
        Assert.Equal((id, "service.restart", "unit", "nginx"), (body.CommandId, body.Kind, body.Args.Single().Name, body.Args.Single().Value));
        Assert.Equal(agent.HostId, Assert.Single(body.Targets));

        await agent.ReportAsync(id, CommandState.Delivered);
        await _aggregator.BecomesAsync(id, 1, "delivered");
        await agent.ReportAsync(id, CommandState.Running);
        await agent.ProgressAsync(id, 40, "stopping\n");
        await Eventually.TrueAsync(async () => (await _aggregator.HostAsync(id, 1)).GetProperty("percent").GetUInt32() == 40, "progress is seen");
        await agent.ReportAsync(id, CommandState.Succeeded, "nginx.service is active", "started\n");
        await _aggregator.BecomesAsync(id, 1, "succeeded");
        await Eventually.TrueAsync(() => agent.Acked == 3, "all three reports are acknowledged");

        JsonElement command = await _aggregator.GetAsync("/v1/commands/" + id);
        Assert.Equal("concluded", command.GetProperty("phase").GetString());
        Assert.Equal("stopping\nstarted\n", command.GetProperty("hosts")[0].GetProperty("output").GetString());
        Assert.Equal("nginx.service is active", command.GetProperty("hosts")[0].GetProperty("message").GetString());
        Assert.Single(agent.Orders);
    }

    [Fact]
    public async Task The_same_id_with_the_same_content_is_the_same_command_and_with_other_content_a_conflict()
    {
        await using ScriptedAgent agent = await _aggregator.AgentAsync(1);
        object request = new { id = "00112233445566778899aabbccddeeff", kind = "service.restart", on = "web1", args = new { unit = "nginx" } };
        (HttpStatusCode first, _) = await _aggregator.PostAsync("/v1/commands", request);
        (HttpStatusCode second, JsonElement again) = await _aggregator.PostAsync("/v1/commands", request);
        (HttpStatusCode other, JsonElement problem) = await _aggregator.PostAsync(
            "/v1/commands", new { id = "00112233445566778899aabbccddeeff", kind = "service.restart", on = "web1", args = new { unit = "postgresql" } });

        Assert.Equal((HttpStatusCode.Created, HttpStatusCode.OK, HttpStatusCode.Conflict), (first, second, other));
        Assert.Equal("00112233445566778899aabbccddeeff", again.GetProperty("id").GetString());
        Assert.Equal("urn:hostagent:problem:conflict", problem.GetProperty("type").GetString());
        await agent.CarryOutAsync((await OrderAsync(agent))!);
        await _aggregator.BecomesAsync("00112233445566778899aabbccddeeff", 1, "succeeded");
        Assert.Equal(HttpStatusCode.OK, (await _aggregator.PostAsync("/v1/commands", request)).Status); // also when it is over
        Assert.Single(agent.Orders);
    }

    [Fact]
    public async Task Twenty_askers_at_once_with_one_id_get_one_command()
    {
        await using ScriptedAgent agent = await _aggregator.AgentAsync(1);
        object request = new { id = "aa112233445566778899aabbccddeeff", kind = "service.restart", on = "web1", args = new { unit = "nginx" } };
        (HttpStatusCode Status, JsonElement Json)[] answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => _aggregator.PostAsync("/v1/commands", request)));
        Assert.Single(answers, static a => a.Status == HttpStatusCode.Created);
        Assert.Equal(19, answers.Count(static a => a.Status == HttpStatusCode.OK));
        await OrderAsync(agent);
        Assert.Single(agent.Orders);
    }

    [Theory]
    [InlineData("""{"kind":"service.restart","on":"web1"}""", 422, "argument unit is missing")]
    [InlineData("""{"kind":"service.restart","on":"web1","args":{"unit":"a b"}}""", 422, "has spaces")]
    [InlineData("""{"kind":"host.wipe","on":"web1"}""", 422, "does not know host.wipe")]
    [InlineData("""{"kind":"service.restart","on":"nobody","args":{"unit":"nginx"}}""", 404, "\"nobody\"")]
    [InlineData("""{"kind":"service.restart","on":"{","args":{"unit":"nginx"}}""", 400, "selector is wrong")]
    [InlineData("""{"kind":"service.restart","args":{"unit":"nginx"}}""", 400, "which hosts")]
    [InlineData("""{"kind":"service.restart","on":"web1","args":{"unit":"nginx"},"expiresIn":"soon"}""", 400, "\"soon\" is no duration")]
    [InlineData("""{"kind":"service.restart","on":"web1","args":{"unit":"nginx"},"expiresIn":"9d"}""", 400, "at most 7 days")]
    [InlineData("""{"kind":"service.restart","on":"web1","args":{"unit":"nginx"},"id":"XYZ"}""", 400, "no command id")]
    [InlineData("""{"kind":"service.restart","on":"web1","args":{"unit":"nginx"},"rollout":{"batch":"0"}}""", 400, "no size of a batch")]
    [InlineData("""{"kind":"service.restart","on":"web1","args":{"unit":"nginx"},"rollout":{"probe":"up"}}""", 400, "is no condition")]
    [InlineData("""{"kind":"service.restart","on":"web1","args":{"unit":"nginx"},"signatures":[{"operator":"a","signature":"AAAA"}]}""", 400, "64")]
    public async Task What_cannot_be_done_is_refused_with_a_reason(string body, int status, string reason)
    {
        await using ScriptedAgent agent = await _aggregator.AgentAsync(1);
        (HttpStatusCode got, JsonElement problem) = await _aggregator.PostAsync("/v1/commands", JsonDocument.Parse(body).RootElement);
        Assert.Equal(status, (int)got);
        Assert.Contains(reason, problem.GetProperty("detail").GetString());
        Assert.Empty(agent.Orders);
    }

    [Fact]
    public async Task Events_tell_every_step_and_end_with_the_command()
    {
        await using ScriptedAgent agent = await _aggregator.AgentAsync(1);
        string id = await _aggregator.CommandAsync(Restart("web1"));
        Task<string> events = _aggregator.Http.GetStringAsync(new Uri($"/v1/commands/{id}/events", UriKind.Relative));
        CommandOrder order = await OrderAsync(agent);
        await agent.ReportAsync(id, CommandState.Running);
        await agent.ProgressAsync(id, 50, "half\n");
        await agent.ReportAsync(order.Body.CommandId, CommandState.Succeeded, "done");
        string all = await events;
        Assert.Contains("event: output\ndata: ", all);
        Assert.Contains("half\\n", all);
        Assert.Contains("\"state\":\"succeeded\"", all);
        Assert.StartsWith("event: command\n", all[all.LastIndexOf("event: ", StringComparison.Ordinal)..]);
    }

    [Fact]
    public async Task Output_is_kept_up_to_its_limit_and_said_to_be_cut()
    {
        await using ScriptedAgent agent = await _aggregator.AgentAsync(1);
        string id = await _aggregator.CommandAsync(Restart("web1"));
        await OrderAsync(agent);
        await agent.ReportAsync(id, CommandState.Running);
        for (int i = 0; i < 5; i++)
        {
            await agent.ProgressAsync(id, 10, new string('x', 64 * 1024));
        }

        await agent.ReportAsync(id, CommandState.Succeeded);
        await _aggregator.BecomesAsync(id, 1, "succeeded");
        JsonElement host = await _aggregator.HostAsync(id, 1);
        Assert.Equal(256 * 1024, host.GetProperty("outputBytes").GetInt32());
        Assert.True(host.GetProperty("outputTruncated").GetBoolean());
    }

    [Fact]
    public async Task A_final_state_is_never_overwritten_and_a_contradiction_is_kept_beside_it()
    {
        await using ScriptedAgent agent = await _aggregator.AgentAsync(1);
        string id = await _aggregator.CommandAsync(Restart("web1"));
        await OrderAsync(agent);
        await agent.ReportAsync(id, CommandState.Succeeded, "all is well");
        await _aggregator.BecomesAsync(id, 1, "succeeded");
        await agent.ReportAsync(id, CommandState.Failed, "no, it is not");
        await agent.ReportAsync(id, CommandState.Failed, "no, it is not");
        await Eventually.TrueAsync(() => agent.Acked == 3, "the late reports are acknowledged, too");
        JsonElement host = await _aggregator.HostAsync(id, 1);
        Assert.Equal(("succeeded", "all is well"), (host.GetProperty("state").GetString(), host.GetProperty("message").GetString()));
        JsonElement late = Assert.Single(host.GetProperty("lateReports").EnumerateArray());
        Assert.Equal(("failed", "no, it is not"), (late.GetProperty("state").GetString(), late.GetProperty("message").GetString()));
    }

    [Fact]
    public async Task Cancelling_ends_what_was_not_sent_and_asks_the_agent_that_has_the_order()
    {
        await using ScriptedAgent agent = await _aggregator.AgentAsync(1);
        await _aggregator.AttachOnceAsync(2);
        string id = await _aggregator.CommandAsync(Restart("web1,web2"));
        await OrderAsync(agent);
        await agent.ReportAsync(id, CommandState.Running);
        (HttpStatusCode status, _) = await _aggregator.PostAsync($"/v1/commands/{id}/cancel", new { reason = "wrong unit" });
        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Equal("cancelled", await _aggregator.StateAsync(id, 2));
        await Eventually.TrueAsync(() => agent.Cancels.Count == 1, "the agent is asked to give it up");
        Assert.Contains("wrong unit", agent.Cancels.Single().Reason);
        await agent.ReportAsync(id, CommandState.Cancelled, "stopped in time");
        await _aggregator.BecomesAsync(id, 1, "cancelled");
        Assert.Equal(HttpStatusCode.Conflict, (await _aggregator.PostAsync($"/v1/commands/{id}/cancel", new { reason = "again" })).Status);
    }

    [Fact]
    public async Task A_second_call_of_a_host_takes_the_place_of_the_first()
    {
        await using ScriptedAgent first = await _aggregator.AgentAsync(1);
        await using ScriptedAgent second = await _aggregator.AgentAsync(1);
        await Eventually.TrueAsync(() => first.EndedWith is not null, "the first call ends");
        Assert.Equal(Grpc.Core.StatusCode.Aborted, first.EndedWith!.Value.StatusCode);
        await _aggregator.CommandAsync(Restart("web1"));
        await OrderAsync(second);
        Assert.Empty(first.Orders);
    }

    internal static object Restart(string on) => new { kind = "service.restart", on, args = new { unit = "nginx" } };

    internal static async Task<CommandOrder> OrderAsync(ScriptedAgent agent, int count = 1)
    {
        await Eventually.TrueAsync(() => agent.Orders.Count >= count, $"{count} orders arrive");
        return agent.Orders.Last();
    }
}
