using HostAgent.EndToEnd.Tests.Chains;
using HostAgent.TestSupport;
using HostAgent.TestSupport.Processes;

namespace HostAgent.EndToEnd.Tests;

/// <summary>How a host comes to belong, with the real programs.</summary>
public sealed class TrustTests : ChainTest
{
    [Fact]
    public async Task A_host_enrols_by_a_token_from_a_file_once_and_runs_without_it()
    {
        Chain chain = await StartChainAsync();
        (int code, string token) = await chain.RunToEndAsync(Programs.Aggregator, "token", "--data", chain.DataDirectory, "--label", "site=south");
        Assert.True(code == 0, token);
        string file = chain.File("token");
        await File.WriteAllTextAsync(file, token);
        string state = chain.File("state");

        (code, string output) = await chain.RunToEndAsync(Programs.Agent, "enrol", "--aggregator", chain.GrpcUrl, "--token-file", file, "--state", state);
        Assert.True(code == 0, output);
        Assert.DoesNotContain(token.Trim().Split('.')[2], output, StringComparison.Ordinal); // the secret
        (code, output) = await chain.RunToEndAsync(Programs.Agent, "enrol", "--aggregator", chain.GrpcUrl, "--token-file", file, "--state", chain.File("thief"));
        Assert.True(code == 77 && output.Contains("a token is good once", StringComparison.Ordinal), $"exit {code}: {output}");

        File.Delete(file);
        string hostId = (await File.ReadAllTextAsync(Path.Combine(state, "host-id"))).Trim();
        chain.Run("agent", Programs.Agent, "run", "--aggregator", chain.GrpcUrl, "--state", state, "--interval", "200ms"); // no --ca: learned at enrolment
        await chain.StoredAsync($"host_load1{{instance=\"{hostId}\",site=\"south\"}}", "samples flow, with the token's label");
    }

    [Fact]
    public async Task A_certificate_of_seconds_is_renewed_again_and_again_and_no_sample_is_missing()
    {
        Chain chain = NewChain();
        await chain.StartAggregatorAsync(more: ["--certificate-lifetime", "6s"]);
        ChainAgent agent = chain.Agent();
        agent.Start();
        await Eventually.TrueAsync(
            () => chain.Aggregator.Output.Split("renewed; certificate").Length > 3, "three renewals", TimeSpan.FromSeconds(60));
        await chain.StoredAsync(
            $"hostagent_certificate_not_after_seconds{{instance=\"{agent.HostId}\"}}", "the metric says when the certificate ends",
            accept: sample => sample.GetProperty("value").GetDouble() > 1e9);
        await agent.EndAndVerifyAsync();
    }

    [Fact]
    public async Task An_agent_without_a_token_keeps_its_samples_says_what_to_do_and_streams_once_it_is_enrolled_by_hand()
    {
        Chain chain = await StartChainAsync();
        string state = chain.File("state");
        ChildProcess agent = chain.Run(
            "agent", Programs.Agent, "run", "--aggregator", chain.GrpcUrl, "--state", state, "--interval", "200ms", "--config", Quick(chain));
        await Eventually.TrueAsync(() => agent.Output.Contains("hostagent enrol --aggregator", StringComparison.Ordinal), "the log says what to do");

        (int code, string output) = await chain.RunToEndAsync(
            Programs.Agent, "enrol", "--aggregator", chain.GrpcUrl, "--token-file", Path.Combine(chain.DataDirectory, "enrolment.token"), "--state", state);
        Assert.True(code == 0, output);
        await Eventually.TrueAsync(() => agent.Output.Contains("Connected to", StringComparison.Ordinal), "the running agent has taken it up");
    }

    [Fact]
    public async Task The_authority_is_rotated_while_agents_stream_and_the_old_one_is_retired_when_all_have_renewed()
    {
        Chain chain = NewChain();
        await chain.StartAggregatorAsync(more: ["--certificate-lifetime", "12s"]);
        ChainAgent agent = chain.Agent();
        agent.Start();
        await chain.StoredAsync($"host_load1{{instance=\"{agent.HostId}\"}}", "samples flow");

        (int code, string output) = await chain.RunToEndAsync(Programs.Aggregator, "ca", "rotate", "--data", chain.DataDirectory);
        Assert.True(code == 0, output);
        (code, output) = await chain.RunToEndAsync(Programs.Aggregator, "ca", "retire", "--data", chain.DataDirectory);
        Assert.True(code == 73 && output.Contains("have not renewed since", StringComparison.Ordinal), $"exit {code}: {output}");
        await Eventually.TrueAsync(
            async () => (await chain.RunToEndAsync(Programs.Aggregator, "ca", "retire", "--data", chain.DataDirectory)).ExitCode == 0,
            "every host has renewed", TimeSpan.FromSeconds(60));
        await Eventually.TrueAsync(() => chain.Aggregator.Output.Contains("only the new authority", StringComparison.Ordinal), "the running aggregator has noticed");
        int renewals = chain.Aggregator.Output.Split("renewed; certificate").Length;
        await Eventually.TrueAsync(
            () => chain.Aggregator.Output.Split("renewed; certificate").Length > renewals, "the agent lives on under the new one", TimeSpan.FromSeconds(60));
        await agent.EndAndVerifyAsync();
    }

    private static string Quick(Chain chain)
    {
        string file = chain.File("quick.yaml");
        File.WriteAllText(file, "stream:\n  max_reconnect_delay: 1s\n");
        return file;
    }
}
