using HostAgent.Agent.Databases;
using HostAgent.V1;

namespace HostAgent.Agent.Commands.Handlers;

/// <summary>What the commands on PostgreSQL share: the target is declared on the host, and what goes wrong on the way to it is a refusal.</summary>
internal abstract class PostgresHandler(HandlerSetup setup) : CommandHandler
{
    /// <summary>The argument that names the target.</summary>
    protected static ArgDef TargetArg { get; } = CommandArgs.Name("database", "The database, as the agent's settings name it (databases.NAME).", required: true);

    protected HandlerSetup Setup => setup;

    public override async ValueTask<CommandPlan> PlanAsync(CommandContext context, CancellationToken cancellation)
    {
        string name = context.Must("database");
        string[] subjects = ["postgres:" + name];
        if (Target(context) is not { } target)
        {
            IEnumerable<string> known = setup.Targets().Databases.Keys.Order(StringComparer.Ordinal);
            return new CommandPlan { Subjects = subjects, Refusal = $"the agent's settings declare no database {name} (databases.{name}); there are: {string.Join(", ", known)}" };
        }

        try
        {
            await using PostgresClient client = await PostgresClient.ConnectAsync(setup.Roots, target, cancellation);
            return await PlanAsync(context, target, client, new CommandPlan { Subjects = subjects }, cancellation);
        }
        catch (DatabaseException e)
        {
            return new CommandPlan { Subjects = subjects, Refusal = e.Message };
        }
    }

    public override async ValueTask<CommandOutcome> RunAsync(CommandContext context, CommandPlan plan, CancellationToken cancellation)
    {
        try
        {
            await using PostgresClient client = await PostgresClient.ConnectAsync(setup.Roots, Target(context)!, cancellation);
            return await RunAsync(context, plan, client, cancellation);
        }
        catch (DatabaseException e)
        {
            return new CommandOutcome(false, e.Message);
        }
    }

    protected abstract Task<CommandPlan> PlanAsync(
        CommandContext context, DatabaseTarget target, PostgresClient client, CommandPlan plan, CancellationToken cancellation);

    protected abstract Task<CommandOutcome> RunAsync(CommandContext context, CommandPlan plan, PostgresClient client, CancellationToken cancellation);

    /// <summary>A connection to look with after a crash; null when the target is not declared any more.</summary>
    protected async Task<PostgresClient?> LookAsync(CommandContext context, CancellationToken cancellation)
        => Target(context) is { } target ? await PostgresClient.ConnectAsync(setup.Roots, target, cancellation) : null;

    protected DatabaseTarget? Target(CommandContext context) => setup.Targets().Databases.GetValueOrDefault(context.Must("database"));
}
