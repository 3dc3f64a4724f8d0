using System.Net;

namespace HostAgent.Aggregator.Tests.Auth;

/// <summary>A browser's session, and what a page of another site can make that browser do.</summary>
public sealed class SessionTests
{
    [Fact]
    public async Task A_login_opens_a_session_whose_cookie_no_script_reads_and_no_other_site_sends()
    {
        await using GuardedAggregator aggregator = await GuardedAggregator.StartAsync();
        Reply login = await aggregator.PostAsync("/v1/login", null, new { token = aggregator.AdminToken });
        Assert.Equal(HttpStatusCode.OK, login.Status);
        string cookie = login.Headers["Set-Cookie"];
        Assert.Contains("httponly", cookie, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("samesite=strict", cookie, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain(aggregator.AdminToken, cookie);
        Assert.Equal("local-admin", (await AskAsync(aggregator, HttpMethod.Get, "/v1/me", cookie)).Json.GetProperty("name").GetString());

        // Programs of the same machine answer on other ports of the same site: their pages are stopped by the Origin.
        string own = aggregator.Url.GetLeftPart(UriPartial.Authority);
        foreach (string foreign in new[] { "http://evil.example", "http://127.0.0.1:1", own + ".evil.example", "null", own + ", http://evil.example" })
        {
            Reply refused = await AskAsync(aggregator, HttpMethod.Post, "/v1/tokens", cookie, ("Origin", foreign));
            Assert.Equal((HttpStatusCode.Forbidden, "origin"), (refused.Status, refused.Problem));
        }

        Assert.Equal(HttpStatusCode.Forbidden, (await AskAsync(aggregator, HttpMethod.Post, "/v1/tokens", cookie)).Status); // says nothing of where it comes from
        Assert.Equal(HttpStatusCode.Created, (await AskAsync(aggregator, HttpMethod.Post, "/v1/tokens", cookie, ("Origin", own))).Status);
        Assert.Equal(HttpStatusCode.Created, (await AskAsync(aggregator, HttpMethod.Post, "/v1/tokens", cookie, ("X-HostAgent-Request", "1"))).Status);

        Assert.Equal(HttpStatusCode.NoContent, (await AskAsync(aggregator, HttpMethod.Post, "/v1/logout", cookie, ("Origin", own))).Status);
        Assert.Equal("anonymous", (await AskAsync(aggregator, HttpMethod.Get, "/v1/me", cookie)).Json.GetProperty("name").GetString());
    }

    [Fact]
    public async Task A_session_ends_with_its_token_with_idleness_and_with_age()
    {
        await using GuardedAggregator aggregator = await GuardedAggregator.StartAsync(anonymousRead: false);
        string token = await aggregator.TokenAsync("viewer", expiresIn: "30d");
        string cookie = await LoginAsync(aggregator, token);
        for (int day = 0; day < 13; day++)
        {
            aggregator.Time.Advance(TimeSpan.FromHours(11));
            Assert.Equal(HttpStatusCode.OK, (await AskAsync(aggregator, HttpMethod.Get, "/v1/me", cookie)).Status);
        }

        aggregator.Time.Advance(TimeSpan.FromHours(26)); // 7 days are over
        Assert.Equal(HttpStatusCode.Unauthorized, (await AskAsync(aggregator, HttpMethod.Get, "/v1/me", cookie)).Status);

        cookie = await LoginAsync(aggregator, token);
        aggregator.Time.Advance(TimeSpan.FromHours(12));
        Assert.Equal(HttpStatusCode.Unauthorized, (await AskAsync(aggregator, HttpMethod.Get, "/v1/me", cookie)).Status);

        cookie = await LoginAsync(aggregator, token);
        Assert.Equal(HttpStatusCode.OK, (await aggregator.PostAsync($"/v1/tokens/{token.Split('_')[1]}/revoke", aggregator.AdminToken)).Status);
        Assert.Equal(HttpStatusCode.Unauthorized, (await AskAsync(aggregator, HttpMethod.Get, "/v1/me", cookie)).Status);
    }

    [Fact]
    public async Task The_landing_pages_form_logs_in_and_a_foreign_page_cannot_post_it()
    {
        await using GuardedAggregator aggregator = await GuardedAggregator.StartAsync(anonymousRead: false);
        Reply login = await aggregator.AskAsync(HttpMethod.Post, "/v1/login", null, Form(aggregator.AdminToken), ("Origin", aggregator.Url.GetLeftPart(UriPartial.Authority)));
        Assert.Equal((HttpStatusCode.Redirect, "/"), (login.Status, login.Headers["Location"]));
        Reply page = await AskAsync(aggregator, HttpMethod.Get, "/", login.Headers["Set-Cookie"]);
        Assert.Contains("local-admin (admin)", page.Body);
        Assert.Contains("last sample", page.Body);

        Reply foreign = await aggregator.AskAsync(HttpMethod.Post, "/v1/login", null, Form(aggregator.AdminToken), ("Origin", "http://evil.example"));
        Assert.Equal(HttpStatusCode.Forbidden, foreign.Status);
        Assert.False(foreign.Headers.ContainsKey("Set-Cookie"));
    }

    [Fact]
    public async Task A_guessed_or_planted_cookie_is_worth_nothing()
    {
        await using GuardedAggregator aggregator = await GuardedAggregator.StartAsync(anonymousRead: false);
        foreach (string value in new[] { "hostagent-session=", "hostagent-session=" + new string('A', 43), $"hostagent-session={aggregator.AdminToken}", $"__Host-hostagent-session={await LoginAsync(aggregator, aggregator.AdminToken)}" })
        {
            Assert.Equal(HttpStatusCode.Unauthorized, (await aggregator.AskAsync(HttpMethod.Get, "/v1/me", headers: ("Cookie", value))).Status);
        }
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("[]")]
    [InlineData("{\"token\":5}")]
    [InlineData("not json")]
    public async Task A_login_without_a_token_says_what_is_missing(string body)
    {
        await using GuardedAggregator aggregator = await GuardedAggregator.StartAsync();
        Reply reply = await aggregator.AskAsync(HttpMethod.Post, "/v1/login", null, new StringContent(body, System.Text.Encoding.UTF8, "application/json"));
        Assert.Equal((HttpStatusCode.BadRequest, "field"), (reply.Status, reply.Problem));
    }

    private static FormUrlEncodedContent Form(string token) => new(new Dictionary<string, string> { ["token"] = token });

    private static async Task<string> LoginAsync(GuardedAggregator aggregator, string token)
    {
        Reply login = await aggregator.PostAsync("/v1/login", null, new { token });
        Assert.True(login.Status == HttpStatusCode.OK, login.Body);
        return login.Headers["Set-Cookie"];
    }

    private static Task<Reply> AskAsync(GuardedAggregator aggregator, HttpMethod method, string path, string cookie, params (string Name, string Value)[] headers)
        => aggregator.AskAsync(
            method, path, null, path == "/v1/tokens" ? new { owner = "ann", role = "viewer" } : null, [("Cookie", cookie.Split(';')[0]), .. headers]);
}
