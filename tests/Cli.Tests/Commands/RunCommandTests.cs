using System.Security.Cryptography;
using System.Text.Json;
using HostAgent.Aggregator.Tests.Commands;
using HostAgent.Protos.Commands;
using HostAgent.TestSupport;
using HostAgent.V1;

namespace HostAgent.Cli.Tests.Commands;

/// <summary>hostctl run and its company against a whole aggregator with scripted agents.</summary>
public sealed class RunCommandTests : IAsyncLifetime
{
    private readonly TempDirectory _home = new("hostctl");
    private CommandHarness _aggregator = null!;

    public async ValueTask InitializeAsync() => _aggregator = await CommandHarness.StartAsync();

    public async ValueTask DisposeAsync()
    {
        await _aggregator.DisposeAsync();
        _home.Dispose();
    }

    [Fact]
    public async Task Run_shows_the_hosts_and_what_they_would_do_asks_follows_and_ends_with_0()
    {
        await using ScriptedAgent agent = await ObedientAsync(1);
        HostctlRun run = await HostctlAsync("y", "run", "service.restart", "--on", "web1", "unit=nginx");
        Assert.True(run.ExitCode == 0, run.ToString());
        Assert.Contains("web1  attached", run.Error);
        Assert.Contains("What they would do:\n  web1  would restart nginx", run.Error.ReplaceLineEndings("\n"));
        Assert.Contains("Do it on 1 of 1 hosts? [y/N]", run.Error);
        Assert.Contains("web1 | restarting", run.Error);
        Assert.EndsWith("  1 succeeded\n", run.Output);
        Assert.Equal([true, false], agent.Orders.Select(static o => o.Body.DryRun));
    }

    [Fact]
    public async Task Without_a_yes_nothing_is_done()
    {
        await using ScriptedAgent agent = await ObedientAsync(1);
        HostctlRun no = await HostctlAsync("n", "run", "service.restart", "--on", "web1", "unit=nginx");
        HostctlRun nobody = await HostctlAsync(null, "run", "service.restart", "--on", "web1", "unit=nginx");
        Assert.Equal((3, 64), (no.ExitCode, nobody.ExitCode));
        Assert.Contains("say --yes", nobody.Error);
        Assert.DoesNotContain(agent.Orders, static o => !o.Body.DryRun);
    }

    [Theory]
    [InlineData(CommandState.Failed, 1)]
    [InlineData(CommandState.TimedOut, 1)]
    [InlineData(CommandState.Rejected, 3)]
    [InlineData(CommandState.Expired, 3)]
    [InlineData(CommandState.UnknownReconciled, 3)]
    public async Task The_exit_code_says_how_it_ended(CommandState end, int exitCode)
    {
        await using ScriptedAgent agent = await ObedientAsync(1, end);
        HostctlRun run = await HostctlAsync(null, "run", "service.restart", "--on", "web1", "unit=nginx", "--yes", "--json");
        Assert.Equal(exitCode, run.ExitCode);
        Assert.Equal(end.Word(), JsonDocument.Parse(run.Output).RootElement.GetProperty("hosts")[0].GetProperty("state").GetString());
    }

    [Fact]
    public async Task Two_operators_sign_what_needs_two_and_the_agent_can_verify_both()
    {
        CommandKindDef upgrade = new() { Kind = "agent.upgrade", Help = "Swaps the agent.", Changes = true, Allowed = true, Signatures = 2 };
        await using ScriptedAgent agent = await _aggregator.AgentAsync(1, kinds: upgrade);
        string alice = Path.Combine(_home.FullPath, "alice.key"), bob = Path.Combine(_home.FullPath, "bob.key");
        string alicePem = (await HostctlAsync(null, "key", "create", "--key", alice)).Output;
        string bobPem = (await HostctlAsync(null, "key", "create", "--key", bob)).Output;
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(alice));
        Assert.Equal(64, (await HostctlAsync(null, "key", "create", "--key", alice)).ExitCode); // never overwritten

        HostctlRun asked = await HostctlAsync(null, "run", "agent.upgrade", "--on", "web1", "--yes", "--sign", "--operator", "alice", "--key", alice, "--no-wait");
        Assert.True(asked.ExitCode == 0, asked.ToString());
        string id = asked.Output.Trim();
        Assert.Equal("pending-approval", (await _aggregator.GetAsync("/v1/commands/" + id)).GetProperty("phase").GetString());
        HostctlRun twice = await HostctlAsync(null, "approve", id, "--yes", "--operator", "alice", "--key", alice);
        Assert.Contains("signed twice", twice.Error);
        Assert.Empty(agent.Orders);

        agent.OnOrder = order => agent.CarryOutAsync(order);
        HostctlRun approved = await HostctlAsync(null, "approve", id, "--yes", "--operator", "bob", "--key", bob);
        Assert.True(approved.ExitCode == 0, approved.ToString());
        Assert.Contains("kind          agent.upgrade", approved.Error);
        CommandOrder order = Assert.Single(agent.Orders);
        Assert.Equal(["alice", "bob"], order.Signatures.Select(static s => s.Operator));
        Assert.True(OrderSigning.Verify(order.Body, order.Signatures[0], Public(alicePem)));
        Assert.True(OrderSigning.Verify(order.Body, order.Signatures[1], Public(bobPem)));
        Assert.False(OrderSigning.Verify(order.Body, order.Signatures[1], Public(alicePem)));
    }

    [Fact]
    public async Task Commands_shows_the_hosts_with_their_output_and_cancel_says_when_it_is_too_late()
    {
        await using ScriptedAgent agent = await ObedientAsync(1);
        string id = (await HostctlAsync(null, "run", "service.restart", "--on", "web1", "unit=nginx", "--yes")).Output[..32];
        HostctlRun list = await HostctlAsync(null, "commands");
        HostctlRun one = await HostctlAsync(null, "commands", id);
        HostctlRun none = await HostctlAsync(null, "commands", new string('0', 32));
        Assert.Contains($"{id}  ", list.Output);
        Assert.Contains("service.restart unit=nginx", list.Output);
        Assert.Contains("web1:\nrestarting\n", one.Output);
        Assert.Equal((0, 1), (one.ExitCode, none.ExitCode));
        Assert.Equal(3, (await HostctlAsync(null, "cancel", id)).ExitCode);
        Assert.Contains("service.restart", (await HostctlAsync(null, "kinds")).Output);
    }

    [Fact]
    public async Task Somebody_elses_readable_key_is_not_used()
    {
        string file = Path.Combine(_home.FullPath, "open.key");
        await HostctlAsync(null, "key", "create", "--key", file);
        File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.OtherRead);
        HostctlRun shown = await HostctlAsync(null, "key", "show", "--key", file);
        Assert.Equal(64, shown.ExitCode);
        Assert.Contains("chmod 600", shown.Error);
    }

    private static ECDsa Public(string pem)
    {
        ECDsa key = ECDsa.Create();
        key.ImportFromPem(pem);
        return key;
    }

    private Task<HostctlRun> HostctlAsync(string? typed, params string[] arguments) => HostctlRun.RunAsync(
        new Dictionary<string, string> { ["HOSTCTL_AGGREGATOR"] = _aggregator.Http.BaseAddress!.ToString(), ["HOME"] = _home.FullPath, ["HOSTCTL_TOKEN"] = _aggregator.AdminToken }, typed, null, TimeProvider.System, arguments);

    private async Task<ScriptedAgent> ObedientAsync(int number, CommandState end = CommandState.Succeeded)
    {
        ScriptedAgent agent = await _aggregator.AgentAsync(number);
        agent.OnOrder = async order =>
        {
            if (order.Body.DryRun)
            {
                await agent.CarryOutAsync(order, CommandState.Succeeded, "would restart nginx");
                return;
            }

            await agent.ReportAsync(order.Body.CommandId, CommandState.Running);
            await agent.ProgressAsync(order.Body.CommandId, 50, "restarting\n");
            await agent.ReportAsync(order.Body.CommandId, end, "that was it");
        };
        return agent;
    }
}
