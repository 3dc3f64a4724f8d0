using System.Net;
using System.Text.Json;

namespace HostAgent.Aggregator.Tests.Auth;

/// <summary>Somebody knocks.</summary>
public sealed class BruteForceTests
{
    [Fact]
    public async Task After_five_failures_not_even_the_right_secret_is_looked_at_for_a_while()
    {
        await using GuardedAggregator aggregator = await GuardedAggregator.StartAsync();
        string token = await aggregator.TokenAsync("operator");
        string wrong = token[..^4] + (token.EndsWith("AAAA", StringComparison.Ordinal) ? "BBBB" : "AAAA");
        for (int i = 0; i < 5; i++)
        {
            Assert.Equal(HttpStatusCode.Unauthorized, (await aggregator.GetAsync("/v1/me", wrong)).Status);
        }

        foreach (string shown in new[] { wrong, token })
        {
            Reply locked = await aggregator.GetAsync("/v1/me", shown);
            Assert.Equal((HttpStatusCode.TooManyRequests, "locked-out"), (locked.Status, locked.Problem));
            Assert.Equal("60", locked.Headers["Retry-After"]);
        }

        Assert.Equal(HttpStatusCode.TooManyRequests, (await aggregator.PostAsync("/v1/login", null, new { token })).Status); // the other way in is the same door
        Assert.Equal(HttpStatusCode.OK, (await aggregator.GetAsync("/v1/me", aggregator.AdminToken)).Status); // others are not concerned
        aggregator.Time.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(HttpStatusCode.OK, (await aggregator.GetAsync("/v1/me", token)).Status);
    }

    [Fact]
    public async Task A_token_that_exists_and_one_that_does_not_are_answered_alike()
    {
        await using GuardedAggregator aggregator = await GuardedAggregator.StartAsync();
        string known = $"hat_{(await aggregator.TokenAsync("viewer")).Split('_')[1]}_" + new string('A', 43);
        string unknown = "hat_000000000000_" + new string('A', 43);
        for (int i = 0; i < 7; i++)
        {
            Reply one = await aggregator.GetAsync("/v1/me", known);
            Reply other = await aggregator.GetAsync("/v1/me", unknown);
            Assert.Equal(one.Status, other.Status);
            Assert.Equal(Told(one), Told(other));
        }

        static (string?, string?) Told(Reply reply) => (reply.Json.GetProperty("detail").GetString(), reply.Headers.GetValueOrDefault("Retry-After"));
    }

    [Fact]
    public async Task Knocking_fills_neither_the_audit_nor_shows_a_secret_in_it()
    {
        await using GuardedAggregator aggregator = await GuardedAggregator.StartAsync();
        for (int i = 0; i < 150; i++)
        {
            await aggregator.GetAsync("/v1/me", $"hat_{i:x12}_" + new string('S', 43));
        }

        aggregator.Time.Advance(TimeSpan.FromMinutes(1));
        await aggregator.GetAsync("/v1/me", "hat_ffffffffffff_" + new string('S', 43));
        IReadOnlyList<JsonElement> audit = await aggregator.AuditAsync();
        JsonElement[] refused = [.. audit.Where(record => record.GetProperty("outcome").GetString() == "refused")];
        Assert.InRange(refused.Length, 2, 70);
        Assert.Equal((150 - (refused.Length - 1)).ToString(null, null), refused[^1].GetProperty("details").GetProperty("refusals not recorded before").GetString());
        Assert.Equal("ffffffffffff", refused[^1].GetProperty("details").GetProperty("shown").GetString());
        Assert.DoesNotContain(audit, record => record.ToString().Contains("SSSS", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Who_asks_too_often_is_slowed_down_and_others_are_not()
    {
        await using GuardedAggregator aggregator = await GuardedAggregator.StartAsync();
        string greedy = await aggregator.TokenAsync("viewer");
        List<HttpStatusCode> seen = [];
        for (int i = 0; i < 401; i++)
        {
            seen.Add((await aggregator.GetAsync("/v1/me", greedy)).Status);
        }

        Assert.Equal(400, seen.Count(status => status == HttpStatusCode.OK)); // the clock stands still: exactly one burst
        Reply slow = await aggregator.GetAsync("/v1/me", greedy);
        Assert.Equal((HttpStatusCode.TooManyRequests, "rate", "1"), (slow.Status, slow.Problem, slow.Headers["Retry-After"]));
        Assert.Equal(HttpStatusCode.OK, (await aggregator.GetAsync("/v1/me", aggregator.AdminToken)).Status);
        aggregator.Time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(HttpStatusCode.OK, (await aggregator.GetAsync("/v1/me", greedy)).Status);
    }
}
