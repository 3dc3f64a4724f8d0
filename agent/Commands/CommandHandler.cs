namespace HostAgent.Agent.Commands;

/// <summary>Does one kind of command. The executor calls <see cref="PlanAsync"/>, checks policy, precondition and budget against the plan, writes the
/// intent to the journal, and only then calls <see cref="RunAsync"/>. A handler is used by many commands at once.</summary>
internal abstract class CommandHandler
{
    /// <summary>Looks, and says what the command would act on and do now. Changes nothing: this is also the dry run.</summary>
    public abstract ValueTask<CommandPlan> PlanAsync(CommandContext context, CancellationToken cancellation);

    /// <summary>Does it, once, and waits until the effect is there (readiness, not a fixed time). <paramref name="cancellation"/> ends with the
    /// command's timeout or its cancellation; the handler then stops where the host is left in a state that the outcome can name, and lets
    /// <see cref="OperationCanceledException"/> pass.</summary>
    public abstract ValueTask<CommandOutcome> RunAsync(CommandContext context, CommandPlan plan, CancellationToken cancellation);

    /// <summary>The agent ended after the intent was journalled and before the outcome was. Looks at the host, compares with what the plan saw before,
    /// and says what became of it; null when that cannot be told. Never acts.</summary>
    /// <param name="context">The command.</param>
    /// <param name="before">The facts of the plan, as journalled.</param>
    /// <param name="begunUnixMs">When the intent was journalled.</param>
    /// <param name="cancellation">Ends the looking.</param>
    public virtual ValueTask<CommandOutcome?> ReconcileAsync(
        CommandContext context, IReadOnlyDictionary<string, string> before, long begunUnixMs, CancellationToken cancellation)
        => ValueTask.FromResult<CommandOutcome?>(null);
}
