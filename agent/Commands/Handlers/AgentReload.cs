using System.Runtime.CompilerServices;
using System.Text;

namespace HostAgent.Agent.Commands.Handlers;

/// <summary><c>agent.reload</c>: takes over the agent's settings file as it is now; a wrong one changes nothing.</summary>
internal sealed class AgentReload(HandlerSetup setup) : CommandHandler
{
    [ModuleInitializer]
    internal static void Register() => HandlerCatalog.Register(new HandlerDefinition
    {
        Kind = "agent.reload",
        Help = "Reads the agent's settings file anew; a file that is wrong changes nothing.",
        Changes = true,
        Create = static setup => new AgentReload(setup),
    });

    public override ValueTask<CommandPlan> PlanAsync(CommandContext context, CancellationToken cancellation)
    {
        var plan = new CommandPlan { Subjects = ["agent"] };
        if (setup.Agent is not { } agent)
        {
            return ValueTask.FromResult(plan with { Refusal = "no agent runs here" });
        }

        try
        {
            IReadOnlyList<string> changes = agent.CheckSettings();
            return ValueTask.FromResult(plan with { Steps = changes.Count == 0 ? ["nothing: the settings have not changed"] : changes });
        }
        catch (FormatException e)
        {
            return ValueTask.FromResult(plan with { Refusal = $"the settings file is wrong, the old settings stay: {e.Message}" });
        }
    }

    public override ValueTask<CommandOutcome> RunAsync(CommandContext context, CommandPlan plan, CancellationToken cancellation)
    {
        try
        {
            IReadOnlyList<string> changes = setup.Agent!.ReloadSettings();
            context.Output(Encoding.UTF8.GetBytes(string.Concat(changes.Select(static change => change + "\n"))));
            return ValueTask.FromResult(new CommandOutcome(true, changes.Count == 0 ? "nothing has changed" : $"{changes.Count} settings taken over"));
        }
        catch (FormatException e)
        {
            return ValueTask.FromResult(new CommandOutcome(false, $"the settings file is wrong, the old settings stay: {e.Message}"));
        }
    }

    public override ValueTask<CommandOutcome?> ReconcileAsync(
        CommandContext context, IReadOnlyDictionary<string, string> before, long begunUnixMs, CancellationToken cancellation)
        => ValueTask.FromResult<CommandOutcome?>(new CommandOutcome(true, "the agent has started anew, with the settings as they are now"));
}
