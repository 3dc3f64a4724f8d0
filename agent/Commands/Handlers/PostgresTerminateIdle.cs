using System.Runtime.CompilerServices;
using HostAgent.Agent.Databases;

namespace HostAgent.Agent.Commands.Handlers;

/// <summary><c>postgres.terminate-idle</c>: ends sessions that have done nothing for long, when there are too many connections.</summary>
internal sealed class PostgresTerminateIdle(HandlerSetup setup) : PostgresHandler(setup)
{
    private const int StepsShown = 20;

    private static readonly TimeSpan EndPatience = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan LookInterval = TimeSpan.FromMilliseconds(100);

    [ModuleInitializer]
    internal static void Register() => HandlerCatalog.Register(new HandlerDefinition
    {
        Kind = "postgres.terminate-idle",
        Help = "Ends sessions with PostgreSQL that have been idle for long.",
        Changes = true,
        Args =
        [
            TargetArg,
            CommandArgs.Duration("older_than", "Idle for at least this long.", TimeSpan.FromSeconds(1), TimeSpan.FromDays(30), "1h"),
            CommandArgs.Flag("in_transaction", "Those idle in a transaction too; what they have done is rolled back."),
            CommandArgs.Text("dbname", "Only sessions with this database.", max: 63),
            CommandArgs.Text("user", "Only sessions of this role.", max: 63),
            CommandArgs.Integer("most", "At most so many, those idle longest first.", 1, 10_000, "100"),
        ],
        Create = static setup => new PostgresTerminateIdle(setup),
    });

    public override async ValueTask<CommandOutcome?> ReconcileAsync(
        CommandContext context, IReadOnlyDictionary<string, string> before, long begunUnixMs, CancellationToken cancellation)
    {
        await using PostgresClient? client = await LookAsync(context, cancellation);
        // Sessions that have grown old since are not what was meant: only their absence tells something.
        return client is not null && (await client.IdleAsync(Filter(context), cancellation)).Count == 0 ? new CommandOutcome(true, "no such session is left") : null;
    }

    protected override async Task<CommandPlan> PlanAsync(
        CommandContext context, DatabaseTarget target, PostgresClient client, CommandPlan plan, CancellationToken cancellation)
    {
        (long sessions, long most) = await client.CountAsync(cancellation);
        IReadOnlyList<Session> meant = await client.IdleAsync(Filter(context), cancellation);
        var facts = new Facts();
        facts.Set("sessions", sessions);
        facts.Set("max_connections", most);
        facts.Set("meant", meant.Count);
        string[] steps = meant.Count == 0 ? ["nothing: no session is idle for so long"]
            : [.. meant.Take(StepsShown).Select(static session => $"terminate {session}"), .. meant.Count > StepsShown ? [$"and {meant.Count - StepsShown} more"] : Array.Empty<string>()];
        return plan with { Facts = facts, Steps = steps };
    }

    protected override async Task<CommandOutcome> RunAsync(CommandContext context, CommandPlan plan, PostgresClient client, CancellationToken cancellation)
    {
        IReadOnlyList<Session> told = await client.TerminateIdleAsync(Filter(context), cancellation);
        context.Progress(50, $"{told.Count} sessions were told to end");
        long since = Setup.Time.GetTimestamp();
        List<Session> left = [.. told];
        while (left.Count > 0 && Setup.Time.GetElapsedTime(since) < EndPatience)
        {
            List<Session> still = [];
            foreach (Session session in left)
            {
                if (await client.SessionAsync(session.Pid, cancellation) is { } now && now.Started == session.Started)
                {
                    still.Add(session);
                }
            }

            left = still;
            if (left.Count > 0)
            {
                await Task.Delay(LookInterval, Setup.Time, cancellation);
            }
        }

        (long sessions, long most) = await client.CountAsync(cancellation);
        var results = new Facts();
        results.Set("terminated", told.Count - left.Count);
        results.Set("sessions", sessions);
        results.Set("max_connections", most);
        return left.Count == 0
            ? new CommandOutcome(true, $"{told.Count} sessions ended; {sessions} of {most} are left", results)
            : new CommandOutcome(false, $"{left.Count} of {told.Count} sessions did not end within {EndPatience.TotalSeconds:0} s: {string.Join("; ", left.Take(StepsShown))}", results);
    }

    private static SessionFilter Filter(CommandContext context)
        => new(context.Time("older_than"), context.IsSet("in_transaction"), context.Arg("dbname"), context.Arg("user"), (int)context.Number("most"));
}
