using System.Net;
using System.Text.Json;

namespace HostAgent.Aggregator.Tests.Auth;

/// <summary>What stands in the audit after calls over HTTP.</summary>
public sealed class AuditTrailTests
{
    [Fact]
    public async Task Every_change_login_and_refusal_is_there_with_who_where_what_and_how_it_ended()
    {
        await using GuardedAggregator aggregator = await GuardedAggregator.StartAsync();
        string viewer = await aggregator.TokenAsync("viewer", "vera");
        await aggregator.PostAsync("/v1/tokens", viewer, new { owner = "vera", role = "admin" });
        await aggregator.PostAsync("/v1/tokens", null, new { owner = "nobody", role = "admin" });
        await aggregator.PostAsync("/v1/tokens", aggregator.AdminToken, new { owner = "", role = "admin" });
        await aggregator.PostAsync("/v1/tokens", aggregator.AdminToken, new StringContent("{", System.Text.Encoding.UTF8, "application/json"));
        await aggregator.PostAsync("/v1/login", null, new { token = viewer });
        await aggregator.GetAsync("/v1/audit", viewer);
        await aggregator.PostAsync("/v1/hosts/nobody/revoke", aggregator.AdminToken, new { reason = "x" });
        await aggregator.GetAsync("/v1/hosts", viewer); // reading leaves no trace

        Assert.Equal(
            [
                "aggregator||token.create|done|",
                "local-admin|admin|token.create|done|",
                "vera|viewer|token.create|refused|role",
                "anonymous||token.create|refused|no credentials",
                "local-admin|admin|token.create|refused|",
                "local-admin|admin|token.create|refused|",
                "vera|viewer|session.login|done|",
                "vera|viewer|GET /v1/audit|refused|role",
                "local-admin|admin|host.revoke|intended|",
                "local-admin|admin|host.revoke|refused|",
            ],
            (await aggregator.AuditAsync()).Select(r => $"{Text(r, "actor")}|{Text(r, "role")}|{Text(r, "action")}|{Text(r, "outcome")}|"
                + (r.GetProperty("details").TryGetProperty("refused", out JsonElement why) ? why.GetString() : "")));
        JsonElement made = (await aggregator.AuditAsync())[1];
        Assert.Equal(viewer.Split('_')[1], Text(made, "target"));
        Assert.Equal("127.0.0.1", Text(made, "origin"));
        Assert.Equal("vera", Text(made.GetProperty("details"), "owner"));
        Assert.DoesNotContain(viewer.Split('_', 3)[2], string.Join('\n', await aggregator.AuditAsync()));
    }

    [Fact]
    public async Task It_is_paged_in_both_directions()
    {
        await using GuardedAggregator aggregator = await GuardedAggregator.StartAsync();
        for (int i = 0; i < 6; i++)
        {
            await aggregator.TokenAsync("viewer");
        }

        Assert.Equal("7, 6 ...", await PageAsync("/v1/audit?limit=2"));
        Assert.Equal("5, 4, 3, 2, 1", await PageAsync("/v1/audit?before=6&limit=5"));
        Assert.Equal("1, 2, 3 ...", await PageAsync("/v1/audit?after=0&limit=3"));
        Assert.Equal("6, 7", await PageAsync("/v1/audit?after=5"));
        Assert.Equal("", await PageAsync("/v1/audit?after=7"));
        Assert.Equal("", await PageAsync("/v1/audit?before=0"));
        Assert.Equal("", await PageAsync("/v1/audit?after=18446744073709551615"));
        Assert.Equal(HttpStatusCode.BadRequest, (await aggregator.GetAsync("/v1/audit?after=-1", aggregator.AdminToken)).Status);
        Assert.Equal(HttpStatusCode.BadRequest, (await aggregator.GetAsync("/v1/audit?after=1&before=2", aggregator.AdminToken)).Status);

        async Task<string> PageAsync(string path)
        {
            JsonElement page = (await aggregator.GetAsync(path, aggregator.AdminToken)).Json;
            return string.Join(", ", page.GetProperty("records").EnumerateArray().Select(r => r.GetProperty("sequence").GetInt32())) + (page.GetProperty("more").GetBoolean() ? " ..." : "");
        }
    }

    private static string? Text(JsonElement record, string name) => record.GetProperty(name).GetString();
}
