namespace HostAgent.Cli.Tests.Commands;

/// <summary>Answers that the real aggregator does not give on demand come from a listener that says what it is told.</summary>
public sealed class HealthExitCodeTests
{
    private const string Health = """{"status":"STATUS","timestamp":"2026-01-01T00:00:00Z","version":"1.2.3","checks":{"store":{"status":"STATUS","detail":"a\u001b[2Jb"}}}""";

    [Theory]
    [InlineData(200, "healthy", 0)]
    [InlineData(200, "warning", 1)]
    [InlineData(503, "unhealthy", 2)]
    public async Task The_exit_code_tells_well_warning_and_unhealthy_apart(int status, string word, int exitCode)
    {
        await using var peer = new ScriptedPeer(status, "application/json", Health.Replace("STATUS", word));
        HostctlRun run = await HostctlRun.AsksAsync(peer.Url, "health");
        Assert.Equal(exitCode, run.ExitCode);
        Assert.StartsWith(word, run.Output);
        Assert.DoesNotContain('\e', run.Output); // what others say cannot move our cursor
    }

    [Theory]
    [InlineData(200, "text/html", "<html>", 70, "is it an aggregator?")]
    [InlineData(404, "text/html", "<html>", 70, "answers with HTTP 404 and no explanation; is it an aggregator?")]
    [InlineData(200, "application/json", "{}", 70, "but not as an aggregator of this version would")]
    [InlineData(200, "application/json", "[1", 70, "but not as an aggregator of this version would")]
    [InlineData(503, "application/problem+json", "{\"detail\":\"The store is away.\"}", 69, "hostctl: The store is away.")]
    [InlineData(500, "application/problem+json", "{\"title\":\"Oops\"}", 70, "hostctl: Oops")]
    public async Task An_odd_answer_is_told_as_such(int status, string mediaType, string body, int exitCode, string error)
    {
        await using var peer = new ScriptedPeer(status, mediaType, body);
        HostctlRun run = await HostctlRun.AsksAsync(peer.Url, "hosts");
        Assert.Equal(exitCode, run.ExitCode);
        Assert.Contains(error, run.Error);
        Assert.Equal("", run.Output);
    }
}
