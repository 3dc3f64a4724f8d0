using System.Runtime.CompilerServices;
using HostAgent.Agent.Databases;
using HostAgent.Protos.Commands;

namespace HostAgent.Agent.Commands.Handlers;

/// <summary><c>postgres.maintain</c>: deletes old rows where the host's settings allow it, then VACUUM ANALYZE, then REINDEX beside the running work.
/// Every part may be done again without harm.</summary>
internal sealed class PostgresMaintain(HandlerSetup setup) : PostgresHandler(setup)
{
    private const int RowsAtOnce = 5000;

    [ModuleInitializer]
    internal static void Register() => HandlerCatalog.Register(new HandlerDefinition
    {
        Kind = "postgres.maintain",
        Help = "Deletes old rows of named tables, vacuums and analyzes, and rebuilds indexes without blocking anybody.",
        Changes = true,
        Signatures = 1,
        DefaultTimeout = TimeSpan.FromHours(2),
        Args =
        [
            TargetArg,
            CommandArgs.Text("delete", "Old rows to delete: TABLE:AGE, several separated by commas (project_activities:90d,tool_call_logs:30d). The agent's settings "
                + "name the tables that allow it, the column that counts and the least age.", max: 1024),
            CommandArgs.Flag("vacuum", "VACUUM (ANALYZE).", standard: true),
            CommandArgs.Flag("reindex", "REINDEX CONCURRENTLY."),
            CommandArgs.Text("tables", "Tables to vacuum and reindex, separated by commas; without it all that the role owns.", max: 2048),
        ],
        Create = static setup => new PostgresMaintain(setup),
    });

    public override async ValueTask<CommandOutcome?> ReconcileAsync(
        CommandContext context, IReadOnlyDictionary<string, string> before, long begunUnixMs, CancellationToken cancellation)
    {
        await using PostgresClient? client = await LookAsync(context, cancellation);
        if (client is null || context.IsSet("reindex") || Deletions(context, Target(context)!, out List<(string Table, string Column, TimeSpan Age)> deletions) is not null)
        {
            return null; // A finished REINDEX leaves no trace.
        }

        long left = 0;
        foreach ((string table, string column, TimeSpan age) in deletions)
        {
            left += await client.CountOldAsync(table, column, age, cancellation);
        }

        bool vacuumed = !context.IsSet("vacuum") || await client.NotVacuumedSinceAsync(await TablesAsync(context, client, cancellation), begunUnixMs, cancellation) == 0;
        return left == 0 && vacuumed ? new CommandOutcome(true, "no old row is left and every table has been vacuumed since")
            : new CommandOutcome(false, $"it was not finished ({left} old rows are left): run it again, which does no harm");
    }

    protected override async Task<CommandPlan> PlanAsync(
        CommandContext context, DatabaseTarget target, PostgresClient client, CommandPlan plan, CancellationToken cancellation)
    {
        if (Deletions(context, target, out List<(string Table, string Column, TimeSpan Age)> deletions) is { } fault)
        {
            return plan with { Refusal = fault };
        }

        IReadOnlyList<string> tables = await TablesAsync(context, client, cancellation);
        if (tables.FirstOrDefault(static table => !SqlName.IsSound(table)) is { } bad)
        {
            return plan with { Refusal = $"{bad} is no name of a table" };
        }

        var facts = new Facts();
        List<string> steps = [];
        foreach ((string table, string column, TimeSpan age) in deletions)
        {
            long count = await client.CountOldAsync(table, column, age, cancellation);
            facts.Set($"old_rows_{table}", count);
            steps.Add($"delete {count} rows of {table} whose {column} is older than {age.TotalDays:0.##} days, {RowsAtOnce} at a time");
        }

        facts.Set("tables", tables.Count);
        facts.Set("invalid_indexes", await client.InvalidIndexesAsync(cancellation));
        steps.AddRange(context.IsSet("vacuum") ? tables.Select(static table => $"vacuum and analyze {table}") : []);
        steps.AddRange(context.IsSet("reindex") ? tables.Select(static table => $"rebuild the indexes of {table} concurrently") : []);
        return plan with { Facts = facts, Steps = steps, State = (deletions, tables) };
    }

    protected override async Task<CommandOutcome> RunAsync(CommandContext context, CommandPlan plan, PostgresClient client, CancellationToken cancellation)
    {
        (List<(string Table, string Column, TimeSpan Age)> deletions, IReadOnlyList<string> tables) = ((List<(string, string, TimeSpan)>, IReadOnlyList<string>))plan.State!;
        var results = new Facts();
        foreach ((string table, string column, TimeSpan age) in deletions)
        {
            long deleted = 0;
            for (long count = RowsAtOnce; count >= RowsAtOnce; deleted += count)
            {
                count = await client.DeleteOldAsync(table, column, age, RowsAtOnce, cancellation);
                context.Progress(10, $"{deleted + count} rows of {table} deleted");
            }

            results.Set($"deleted_{table}", deleted);
        }

        for (int i = 0; context.IsSet("vacuum") && i < tables.Count; i++)
        {
            context.Progress(30 + (30 * i / tables.Count), "vacuum " + tables[i]);
            await client.VacuumAsync(tables[i], cancellation);
        }

        for (int i = 0; context.IsSet("reindex") && i < tables.Count; i++)
        {
            context.Progress(60 + (40 * i / tables.Count), "reindex " + tables[i]);
            await client.ReindexAsync(tables[i], cancellation);
        }

        long invalid = await client.InvalidIndexesAsync(cancellation);
        results.Set("tables", tables.Count);
        results.Set("invalid_indexes", invalid);
        string note = invalid == 0 ? "" : $"; {invalid} indexes are invalid, left by an interrupted build: drop those whose names end in _ccnew";
        return new CommandOutcome(true, $"{tables.Count} tables maintained{note}", results);
    }

    private static async Task<IReadOnlyList<string>> TablesAsync(CommandContext context, PostgresClient client, CancellationToken cancellation)
        => context.Arg("tables") is { Length: > 0 } given
            ? given.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries) : await client.TablesAsync(cancellation);

    /// <summary>What is to be deleted; returns what is wrong with it.</summary>
    private static string? Deletions(CommandContext context, DatabaseTarget target, out List<(string Table, string Column, TimeSpan Age)> deletions)
    {
        deletions = [];
        foreach (string item in (context.Arg("delete") ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            string[] pair = item.Split(':');
            if (pair.Length != 2 || !ArgCheck.TryParseDuration(pair[1], out TimeSpan age))
            {
                return $"\"{item}\" is not of the form TABLE:AGE, such as tool_call_logs:30d";
            }

            if (!target.Retention.TryGetValue(pair[0], out (string Column, TimeSpan LeastAge) rule))
            {
                return $"the agent's settings do not allow deleting rows of {pair[0]} (databases.{target.Name}.retention.{pair[0]})";
            }

            if (age < rule.LeastAge)
            {
                return $"rows of {pair[0]} may be deleted once they are {rule.LeastAge.TotalDays:0.##} days old, not {age.TotalDays:0.##}";
            }

            deletions.Add((pair[0], rule.Column, age));
        }

        return null;
    }
}
