using System.Net;
using System.Text.Json;

namespace HostAgent.Aggregator.Tests.Auth;

/// <summary>Who may do what over HTTP, tried from the outside.</summary>
public sealed class AccessTests
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    [Fact]
    public async Task The_local_admin_finds_a_token_that_only_he_can_read()
    {
        await using GuardedAggregator aggregator = await GuardedAggregator.StartAsync();
        Assert.Equal(OwnerOnly, File.GetUnixFileMode(Path.Combine(aggregator.Folder, "admin.token")));
        JsonElement me = (await aggregator.GetAsync("/v1/me", aggregator.AdminToken)).Json;
        Assert.Equal(("local-admin", "admin"), (me.GetProperty("name").GetString(), me.GetProperty("role").GetString()));
    }

    [Fact]
    public async Task Every_change_needs_a_token_and_none_is_open_to_a_viewer()
    {
        await using GuardedAggregator aggregator = await GuardedAggregator.StartAsync();
        string viewer = await aggregator.TokenAsync("viewer");
        List<string> seen = [];
        JsonElement paths = (await aggregator.GetAsync("/openapi/v1.json")).Json.GetProperty("paths");
        foreach (JsonProperty path in paths.EnumerateObject())
        {
            foreach (JsonProperty operation in path.Value.EnumerateObject().Where(operation => operation.Name is not ("get" or "parameters")))
            {
                string route = path.Name.Replace("{id}", "x", StringComparison.Ordinal);
                if (route is "/v1/login" or "/v1/logout")
                {
                    continue; // open to anybody: they are how one comes to be somebody
                }

                seen.Add(route);
                Reply anonymous = await aggregator.AskAsync(new HttpMethod(operation.Name.ToUpperInvariant()), route);
                Assert.True(anonymous.Status == HttpStatusCode.Unauthorized, $"{operation.Name} {route}: {anonymous.Status}");
                Assert.Equal("Bearer", anonymous.Headers["WWW-Authenticate"]);
                Reply asViewer = await aggregator.AskAsync(new HttpMethod(operation.Name.ToUpperInvariant()), route, viewer);
                Assert.True(asViewer.Status == HttpStatusCode.Forbidden, $"{operation.Name} {route}: {asViewer.Status}");
                Assert.Equal("role", asViewer.Problem);
            }
        }

        Assert.Contains("/v1/tokens", seen);
    }

    [Theory]
    [InlineData("viewer")]
    [InlineData("operator")]
    public async Task Nobody_below_admin_makes_or_sees_tokens_or_reads_the_audit(string role)
    {
        await using GuardedAggregator aggregator = await GuardedAggregator.StartAsync();
        string token = await aggregator.TokenAsync(role);
        foreach (Reply reply in new[]
        {
            await aggregator.PostAsync("/v1/tokens", token, new { owner = "ann", role = "admin" }),
            await aggregator.PostAsync("/v1/tokens/000000000000/revoke", token),
            await aggregator.GetAsync("/v1/tokens", token),
            await aggregator.GetAsync("/v1/audit", token),
            await aggregator.GetAsync("/v1/audit/anchor", token),
        })
        {
            Assert.Equal(HttpStatusCode.Forbidden, reply.Status);
            Assert.Contains("needs the role admin", reply.Json.GetProperty("detail").GetString());
        }
    }

    [Fact]
    public async Task An_expired_token_is_refused_and_so_is_one_revoked_a_moment_ago()
    {
        await using GuardedAggregator aggregator = await GuardedAggregator.StartAsync();
        string expiring = await aggregator.TokenAsync("admin", expiresIn: "1h");
        string revoked = await aggregator.TokenAsync("admin");
        aggregator.Time.Advance(TimeSpan.FromMinutes(59));
        Assert.Equal(HttpStatusCode.OK, (await aggregator.GetAsync("/v1/tokens", expiring)).Status);
        aggregator.Time.Advance(TimeSpan.FromMinutes(1));
        Reply late = await aggregator.GetAsync("/v1/tokens", expiring);
        Assert.Equal((HttpStatusCode.Unauthorized, "unauthenticated"), (late.Status, late.Problem));

        Assert.Equal(HttpStatusCode.OK, (await aggregator.GetAsync("/v1/tokens", revoked)).Status);
        Assert.Equal(HttpStatusCode.OK, (await aggregator.PostAsync($"/v1/tokens/{revoked.Split('_')[1]}/revoke", revoked)).Status);
        Reply after = await aggregator.GetAsync("/v1/tokens", revoked);
        Assert.Equal(late.Json.GetProperty("detail").GetString(), after.Json.GetProperty("detail").GetString()); // which of the two is not told
    }

    [Fact]
    public async Task A_token_that_is_wrong_is_refused_also_where_none_is_needed()
    {
        await using GuardedAggregator aggregator = await GuardedAggregator.StartAsync();
        Assert.Equal(HttpStatusCode.OK, (await aggregator.GetAsync("/v1/hosts")).Status);
        Assert.Equal(HttpStatusCode.Unauthorized, (await aggregator.GetAsync("/v1/hosts", "hat_000000000000_" + new string('A', 43))).Status);
        Assert.Equal(HttpStatusCode.Unauthorized, (await aggregator.AskAsync(HttpMethod.Get, "/v1/hosts", headers: ("Authorization", "Basic YWRtaW46YWRtaW4="))).Status);
    }

    [Theory]
    [InlineData("/v1/hosts?token={0}")]
    [InlineData("/v1/hosts?access_token={0}")]
    [InlineData("/v1/latest?match={0}")]
    public async Task A_token_in_a_URL_is_refused_and_called_leaked(string path)
    {
        await using GuardedAggregator aggregator = await GuardedAggregator.StartAsync();
        Reply reply = await aggregator.GetAsync(string.Format(null, path, aggregator.AdminToken));
        Assert.Equal((HttpStatusCode.BadRequest, "token-in-url"), (reply.Status, reply.Problem));
    }

    [Fact]
    public async Task Reading_without_a_token_can_be_forbidden()
    {
        await using GuardedAggregator aggregator = await GuardedAggregator.StartAsync(anonymousRead: false);
        foreach (string path in new[] { "/v1/hosts", "/metrics", "/health", "/openapi/v1.json", "/v1/me" })
        {
            Assert.Equal(HttpStatusCode.Unauthorized, (await aggregator.GetAsync(path)).Status);
            Assert.NotEqual(HttpStatusCode.Unauthorized, (await aggregator.GetAsync(path, aggregator.AdminToken)).Status);
        }

        Reply page = await aggregator.GetAsync("/");
        Assert.Contains("name=\"token\"", page.Body);
        Assert.DoesNotContain("last sample", page.Body);
    }

    [Theory]
    [InlineData("X-Forwarded-For")]
    [InlineData("Forwarded")]
    [InlineData("Via")]
    public async Task What_a_proxy_brings_in_is_not_of_this_machine(string header)
    {
        await using GuardedAggregator aggregator = await GuardedAggregator.StartAsync();
        Reply reply = await aggregator.AskAsync(HttpMethod.Get, "/v1/hosts", headers: (header, "203.0.113.7"));
        Assert.Equal(HttpStatusCode.Unauthorized, reply.Status);
    }
}
