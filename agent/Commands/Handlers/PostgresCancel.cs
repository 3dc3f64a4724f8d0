using System.Runtime.CompilerServices;
using HostAgent.Agent.Databases;

namespace HostAgent.Agent.Commands.Handlers;

/// <summary><c>postgres.cancel</c>: cancels the query of one session, or ends the session.</summary>
internal sealed class PostgresCancel(HandlerSetup setup) : PostgresHandler(setup)
{
    private static readonly TimeSpan EndPatience = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan LookInterval = TimeSpan.FromMilliseconds(50);

    [ModuleInitializer]
    internal static void Register() => HandlerCatalog.Register(new HandlerDefinition
    {
        Kind = "postgres.cancel",
        Help = "Cancels what one session with PostgreSQL does, or ends the session.",
        Changes = true,
        Args =
        [
            TargetArg,
            CommandArgs.Integer("pid", "The session's backend.", 1, int.MaxValue, required: true),
            CommandArgs.Integer("started", "When the session began, microseconds since 1970 (backend_start): another value means another session. 0: whichever has the number.",
                0, long.MaxValue, "0"),
            CommandArgs.Choice("how", "cancel: its query; terminate: the session.", "cancel", "cancel", "terminate"),
        ],
        Create = static setup => new PostgresCancel(setup),
    });

    public override async ValueTask<CommandOutcome?> ReconcileAsync(
        CommandContext context, IReadOnlyDictionary<string, string> before, long begunUnixMs, CancellationToken cancellation)
    {
        await using PostgresClient? client = await LookAsync(context, cancellation);
        Session? now = client is null ? null : await client.SessionAsync((int)context.Number("pid"), cancellation);
        bool isOver = client is not null && (now is null || now.Started.ToString(System.Globalization.CultureInfo.InvariantCulture) != before.GetValueOrDefault("started")
            || (context.Must("how") == "cancel" && now.State != "active"));
        return isOver ? new CommandOutcome(true, $"session {context.Must("pid")} does not do it any more") : null;
    }

    protected override async Task<CommandPlan> PlanAsync(
        CommandContext context, DatabaseTarget target, PostgresClient client, CommandPlan plan, CancellationToken cancellation)
    {
        int pid = (int)context.Number("pid");
        Session? session = await client.SessionAsync(pid, cancellation);
        if (session is null)
        {
            return plan with { Refusal = $"there is no client session {pid}" };
        }

        var facts = new Facts();
        facts.Set("started", session.Started);
        facts.Set("state", session.State);
        facts.Set("state_seconds", session.StateSeconds);
        facts.Set("user", session.User);
        facts.Set("dbname", session.Database);
        facts.Set("application", session.Application);
        long wanted = context.Number("started");
        bool cancels = context.Must("how") == "cancel";
        return plan with
        {
            Facts = facts,
            Steps = [cancels ? $"cancel the query of session {session}" : $"end session {session}"],
            Refusal = wanted != 0 && wanted != session.Started ? $"session {pid} is not the one meant any more: it began at {session.Started}"
                : cancels && session.State != "active" ? $"session {pid} runs no query: it is {session.State}" : null,
            State = session,
        };
    }

    protected override async Task<CommandOutcome> RunAsync(CommandContext context, CommandPlan plan, PostgresClient client, CancellationToken cancellation)
    {
        var session = (Session)plan.State!;
        bool terminate = context.Must("how") == "terminate";
        if (!await client.EndAsync(session, terminate, cancellation))
        {
            return new CommandOutcome(false, $"session {session.Pid} had ended already; nothing was done");
        }

        long since = Setup.Time.GetTimestamp();
        while (await client.SessionAsync(session.Pid, cancellation) is { } now && now.Started == session.Started && (terminate || now.State == "active"))
        {
            if (Setup.Time.GetElapsedTime(since) >= EndPatience)
            {
                return new CommandOutcome(false, $"session {session.Pid} was told, but still goes on {EndPatience.TotalSeconds:0} s later");
            }

            await Task.Delay(LookInterval, Setup.Time, cancellation);
        }

        return new CommandOutcome(true, terminate ? $"session {session} has ended" : $"the query of session {session} was cancelled");
    }
}
