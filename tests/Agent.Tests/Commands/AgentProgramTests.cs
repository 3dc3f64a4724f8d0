using System.Text.Json;
using HostAgent.Agent.Cli;
using HostAgent.Agent.Commands;
using HostAgent.Agent.Commands.Policy;
using HostAgent.Agent.Configuration;
using HostAgent.TestSupport;
using HostAgent.TestSupport.Processes;

namespace HostAgent.Agent.Tests.Commands;

/// <summary>What an operator types on the host itself, with the real program.</summary>
public sealed class AgentProgramTests : IDisposable
{
    private readonly TempDirectory _directory = new("agentprogram");

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task An_order_on_a_host_whose_agent_is_gone_is_judged_by_the_policy_and_journalled()
    {
        string settings = Settings("allow: []");
        (int code, string said) = await RunAsync("execute", "nothing.known", "unit=x", "--config", settings, "--state", _directory.FullPath);
        Assert.Equal(ExitCodes.NotDone, code);
        Assert.Contains("rejected: this agent knows no kind nothing.known", said, StringComparison.Ordinal);
        (code, said) = await RunAsync("commands", "--json", "--state", _directory.FullPath);
        Assert.Equal(ExitCodes.Ok, code);
        using JsonDocument json = JsonDocument.Parse(said);
        JsonElement one = Assert.Single(json.RootElement.EnumerateArray());
        Assert.Equal(("nothing.known", "rejected"), (one.GetProperty("kind").GetString(), one.GetProperty("state").GetString()));
        Assert.StartsWith("local:", one.GetProperty("requestedBy").GetString(), StringComparison.Ordinal);
        Assert.Contains("rejected           nothing.known unit=(not kept)  by local:", (await RunAsync("commands", "--state", _directory.FullPath)).Said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_wrong_policy_is_found_by_check_config()
    {
        (int code, string said) = await RunAsync("check-config", Settings("allow:\n  - kinds: [service.burn]\n    subjects: ['*']"));
        Assert.Equal(ExitCodes.Configuration, code);
        Assert.Contains("commands.yaml:2: there is no kind service.burn", said, StringComparison.Ordinal);
        Assert.Contains("are sound", (await RunAsync("check-config", Settings("allow: []"))).Said, StringComparison.Ordinal);
        File.WriteAllText(_directory.File("operators.d", "alice.pem"), "no key");
        Assert.Contains("alice.pem holds no public key in PEM form", (await RunAsync("check-config", Settings("allow: []"))).Said, StringComparison.Ordinal);
    }

    [Fact]
    public void The_kinds_of_this_program_are_listed_and_denied_without_a_policy()
    {
        var options = new AgentOptions { Commands = new CommandOptions { PolicyFile = _directory.File("none.yaml") } };
        string listed = CommandListing.Kinds(options, json: false, TimeProvider.System);
        Assert.DoesNotContain(" allowed ", listed, StringComparison.Ordinal);
        Assert.Contains("there is no policy file", listed, StringComparison.Ordinal);
        using JsonDocument json = JsonDocument.Parse(CommandListing.Kinds(options, json: true, TimeProvider.System));
        Assert.Equal(HandlerCatalog.All.Select(static one => one.Kind), json.RootElement.EnumerateArray().Select(static one => one.GetProperty("kind").GetString()));
    }

    [Fact]
    public void The_example_policy_is_sound()
    {
        IReadOnlyList<HandlerDefinition> known = HandlerCatalog.All;
        string text = File.ReadAllText(Path.Combine(Programs.RepositoryRoot, "deploy/commands.yaml"));
        (CommandPolicy policy, IReadOnlyList<string> problems) = PolicyReader.Read(text, "commands.yaml", known);
        Assert.Empty(problems);
        Assert.Equal((2, 0), (policy.Rules.Count, policy.Reflexes.Count));
        string all = text.Replace("  # - name", "  - name", StringComparison.Ordinal).Replace("  #   ", "    ", StringComparison.Ordinal).Replace("kinds: [agent.upgrade]", "kinds: [diagnose]", StringComparison.Ordinal)
            .Replace("  # - kinds", "  - kinds", StringComparison.Ordinal);
        (policy, problems) = PolicyReader.Read(all, "commands.yaml", known);
        Assert.Empty(problems);
        Assert.Equal((3, 1), (policy.Rules.Count, policy.Reflexes.Count));
    }

    private string Settings(string policy)
    {
        string file = _directory.File("commands.yaml"), settings = _directory.File("hostagent.yaml");
        File.WriteAllText(file, policy);
        File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        File.WriteAllText(settings, $"commands:\n  policy: {file}\n  operators: {_directory.Folder("operators.d")}\n");
        return settings;
    }

    private async Task<(int Code, string Said)> RunAsync(params string[] args)
    {
        string log = _directory.File($"log-{Guid.NewGuid():N}");
        await using ChildProcess agent = ChildProcess.Start("agent", [Programs.ManagedAgent, .. args], log);
        int code = await agent.WaitAsync(TimeSpan.FromSeconds(60));
        return (code, agent.Output);
    }
}
