using System.Net;
using System.Text.Json;

namespace HostAgent.Aggregator.Tests.Api;

[Collection(AggregatorCollection.Name)]
public sealed class HostsApiTests(RunningAggregator aggregator)
{
    [Fact]
    public async Task All_hosts_are_listed_by_name()
    {
        JsonElement answer = await Answer.OkAsync(aggregator, "/v1/hosts");
        Assert.Equal(["web1", "web2"], answer.GetProperty("hosts").EnumerateArray().Select(host => host.GetProperty("name").GetString()));
    }

    [Fact]
    public async Task A_host_is_found_by_id_and_by_name()
    {
        JsonElement byName = await Answer.OkAsync(aggregator, "/v1/hosts/web2");
        JsonElement byId = await Answer.OkAsync(aggregator, "/v1/hosts/" + RunningAggregator.Web2);
        Assert.Equal(byId.ToString(), byName.ToString());
        Assert.Equal(RunningAggregator.Web2, byName.GetProperty("id").GetString());
        Assert.Equal("down", byName.GetProperty("liveness").GetString());
        Assert.Equal("r1", byName.GetProperty("labels").GetProperty("rack").GetString());
        Assert.Equal("2025-12-31T23:00:00.000Z", byName.GetProperty("lastSeen").GetString());
        Assert.Equal(JsonValueKind.Null, byName.GetProperty("lastRefusal").ValueKind);
    }

    [Theory]
    [InlineData("/v1/hosts/nobody")]
    [InlineData("/v1/hosts/nobody/account")]
    public async Task An_unknown_host_is_a_problem_that_names_it(string path)
    {
        Answer answer = await Answer.GetAsync(aggregator, path);
        Assert.Equal(HttpStatusCode.NotFound, answer.Status);
        Assert.Equal("application/problem+json", answer.MediaType);
        Assert.Equal("urn:hostagent:problem:host", answer.Json.GetProperty("type").GetString());
        Assert.Contains("\"nobody\"", answer.Json.GetProperty("detail").GetString());
    }

    [Fact]
    public async Task The_account_balances_and_says_what_became_of_each_run()
    {
        JsonElement account = await Answer.OkAsync(aggregator, "/v1/hosts/web1/account?from=-1h");
        ulong Of(string name) => account.GetProperty(name).GetUInt64();
        Assert.Equal(100UL, Of("presentFrames"));
        Assert.Equal(4UL, Of("droppedFrames"));
        Assert.Equal(Of("producedFrames"), Of("presentFrames") + Of("lateFrames") + Of("droppedFrames") + Of("missingFrames"));
        Assert.Equal(["present", "dropped_spool_full"], account.GetProperty("intervals").EnumerateArray().Select(run => run.GetProperty("outcome").GetString()));
    }
}
