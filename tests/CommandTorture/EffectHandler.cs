using System.Text;
using HostAgent.Agent.Commands;

namespace HostAgent.CommandTorture;

/// <summary>A command whose effect is a line in a file: what is there twice was done twice.</summary>
internal sealed class EffectHandler(string file, bool canBeSeen, Action<string> onStep) : CommandHandler
{
    /// <summary>Its kind, as handlers declare theirs.</summary>
    public static HandlerDefinition Define(string kind, string file, Action<string> onStep) => new()
    {
        Kind = kind,
        Help = "Writes a line.",
        Changes = true,
        Create = _ => new EffectHandler(file, kind == Scenario.Seen, onStep),
    };

    /// <inheritdoc/>
    public override ValueTask<CommandPlan> PlanAsync(CommandContext context, CancellationToken cancellation) => ValueTask.FromResult(new CommandPlan
    {
        Subjects = ["path:" + file],
        Facts = new Dictionary<string, string> { ["lines"] = "0" },
        Steps = ["write a line"],
    });

    /// <inheritdoc/>
    public override ValueTask<CommandOutcome> RunAsync(CommandContext context, CommandPlan plan, CancellationToken cancellation)
    {
        onStep("before-effect");
        using (var effects = new FileStream(file, FileMode.Append, FileAccess.Write, FileShare.ReadWrite, bufferSize: 0))
        {
            effects.Write(Encoding.ASCII.GetBytes(context.CommandId + "\n"));
        }

        onStep("after-effect");
        return ValueTask.FromResult(new CommandOutcome(true, "written"));
    }

    /// <inheritdoc/>
    public override ValueTask<CommandOutcome?> ReconcileAsync(
        CommandContext context, IReadOnlyDictionary<string, string> before, long begunUnixMs, CancellationToken cancellation)
    {
        bool isThere = File.Exists(file) && File.ReadLines(file).Contains(context.CommandId);
        return ValueTask.FromResult(canBeSeen ? new CommandOutcome(isThere, isThere ? "it is written" : "it is not written") : null);
    }
}
