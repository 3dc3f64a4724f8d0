using HostAgent.EndToEnd.Tests.Chains;
using HostAgent.TestSupport;
using HostAgent.TestSupport.Processes;

namespace HostAgent.EndToEnd.Tests;

/// <summary>Commands with the real programs: from hostctl through the aggregator to the agent, its policy and its journal, and back.</summary>
public sealed class CommandTests : ChainTest
{
    [Fact]
    public async Task A_process_is_signalled_by_command_once_and_what_the_policy_does_not_name_is_refused()
    {
        (Chain chain, _) = await StartAsync();
        await using ChildProcess victim = ChildProcess.Start("victim", ["/bin/sleep", "300"], chain.File("victim.log"));
        string identity = $"pid={victim.Id}";
        string started = $"start_ticks={(await File.ReadAllTextAsync($"/proc/{victim.Id}/stat")).Split(") ")[1].Split(' ')[19]}";

        (int code, string output) = await CtlAsync(chain, "run", "process.signal", "--on", "all", "--dry-run", identity, started);
        Assert.True(code == 0 && output.Contains("send SIGTERM to process", StringComparison.Ordinal), output);
        Assert.False(victim.HasExited);

        string id = Guid.NewGuid().ToString("N");
        string[] order = ["run", "process.signal", "--on", "all", "--yes", "--id", id, identity, started];
        (code, output) = await CtlAsync(chain, order);
        Assert.True(code == 0 && output.Contains("has ended after SIGTERM", StringComparison.Ordinal), output);
        Assert.Equal(128 + 15, await victim.WaitAsync(TimeSpan.FromSeconds(10)));
        (code, output) = await CtlAsync(chain, "commands", id, "--json");
        Assert.True(code == 0 && output.Contains("\"succeeded\"", StringComparison.Ordinal), output);

        (code, output) = await CtlAsync(chain, "run", "service.restart", "--on", "all", "--yes", "unit=nginx.service");
        Assert.True(code == 3 && output.Contains("policy does not allow service.restart", StringComparison.Ordinal), output);
        (code, output) = await CtlAsync(chain, "audit", "verify");
        Assert.True(code == 0, output);
    }

    [Fact]
    public async Task A_kind_that_needs_a_signature_waits_for_the_operator_whom_the_host_knows_and_hears_nobody_else()
    {
        (Chain chain, _) = await StartAsync();
        await File.WriteAllTextAsync(chain.File("app.log"), "hello\n");
        (int code, string key) = await CtlAsync(chain, "key", "create", "--key", chain.File("alice.key"));
        Assert.True(code == 0, key);
        await File.WriteAllTextAsync(chain.File("operators", "alice.pem"), key[key.IndexOf("-----BEGIN", StringComparison.Ordinal)..(key.LastIndexOf("-----", StringComparison.Ordinal) + 5)] + "\n");

        string id = Guid.NewGuid().ToString("N");
        string path = $"path={chain.File("app.log")}";
        (code, string output) = await CtlAsync(chain, "run", "logs.rotate", "--on", "all", "--yes", "--no-wait", "--id", id, path);
        Assert.True(code == 0, output);
        (_, output) = await CtlAsync(chain, "commands", id);
        Assert.Contains("pending-approval", output, StringComparison.Ordinal);
        Assert.Equal("hello\n", await File.ReadAllTextAsync(chain.File("app.log")));

        // A stranger's key under alice's name, then a name that the host does not know: the aggregator counts, the agent decides.
        (code, output) = await CtlAsync(chain, "key", "create", "--key", chain.File("stranger.key"));
        Assert.True(code == 0, output);
        foreach (string name in new[] { "alice", "mallory" })
        {
            (code, output) = await CtlAsync(chain, "run", "logs.rotate", "--on", "all", "--yes", "--sign", "--operator", name, "--key", chain.File("stranger.key"), path);
            Assert.True(code == 3 && output.Contains("rejected", StringComparison.Ordinal), output);
        }

        Assert.Equal("hello\n", await File.ReadAllTextAsync(chain.File("app.log")));
        (code, output) = await CtlAsync(chain, "approve", id, "--yes", "--operator", "alice", "--key", chain.File("alice.key"));
        Assert.True(code == 0, output);
        await Eventually.TrueAsync(
            async () => (await CtlAsync(chain, "commands", id)).Output.Contains("succeeded", StringComparison.Ordinal), "the approved command is done");
        Assert.Single(Directory.GetFiles(Path.GetDirectoryName(chain.File("app.log"))!, "app.log-*.gz"));
    }

    [Fact]
    public async Task An_order_for_a_host_that_is_away_is_carried_out_once_when_it_is_back_though_both_programs_were_killed()
    {
        (Chain chain, ChildProcess agent) = await StartAsync();
        agent.Send(UnixSignal.Kill);
        await agent.WaitAsync(TimeSpan.FromSeconds(10));
        string id = Guid.NewGuid().ToString("N");
        (int code, string output) = await CtlAsync(chain, "run", "diagnose", "--on", "all", "--yes", "--no-wait", "--id", id);
        Assert.True(code == 0, output);
        chain.Aggregator.Send(UnixSignal.Kill);
        await chain.Aggregator.WaitAsync(TimeSpan.FromSeconds(10));
        await chain.StartAggregatorAsync(new Uri(chain.GrpcUrl).Authority);

        StartAgent(chain);
        await Eventually.TrueAsync(
            async () => (await CtlAsync(chain, "commands", id)).Output.Contains("succeeded", StringComparison.Ordinal), "the order is carried out", TimeSpan.FromSeconds(60));
        (code, output) = await chain.RunToEndAsync(Programs.Agent, "commands", "--state", chain.File("state"), "--json");
        Assert.True(code == 0 && output.Split(id).Length == 2, output); // the journal has it, once
    }

    private static async Task<(int ExitCode, string Output)> CtlAsync(Chain chain, params string[] arguments)
        => await chain.RunToEndAsync([Programs.Ctl, .. arguments, "--endpoints", Path.Combine(chain.DataDirectory, "endpoints.json")]);

    private async Task<(Chain Chain, ChildProcess Agent)> StartAsync()
    {
        Chain chain = await StartChainAsync();
        Directory.CreateDirectory(chain.File("operators"));
        string policy = chain.File("policy.yaml");
        await File.WriteAllTextAsync(
            policy,
            """
            allow:
              - kinds: [diagnose, process.signal]
                subjects: ["*"]
              - kinds: [logs.rotate]
                subjects: ["path:*"]
                signatures: 1
            """);
        await File.WriteAllTextAsync(
            chain.File("agent.yaml"), $"commands:\n  policy: {policy}\n  operators: {chain.File("operators")}\nstream:\n  max_reconnect_delay: 1s\n");
        foreach (string trusted in new[] { policy, chain.File("operators") })
        {
            File.SetUnixFileMode(trusted, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }

        ChildProcess agent = StartAgent(chain);
        await Eventually.TrueAsync(
            async () => (await CtlAsync(chain, "kinds")).Output.Contains("process.signal", StringComparison.Ordinal), "the agent offers its kinds", TimeSpan.FromSeconds(30));
        return (chain, agent);
    }

    private static ChildProcess StartAgent(Chain chain) => chain.Run(
        "agent", Programs.Agent, "run", "--endpoints", Path.Combine(chain.DataDirectory, "endpoints.json"), "--state", chain.File("state"), "--config", chain.File("agent.yaml"));
}
