using System.Globalization;
using HostAgent.Agent.Linux;

namespace HostAgent.Agent.Databases;

/// <summary>One connection to PostgreSQL (12 and newer) for one command, and the questions and acts that commands have.</summary>
internal sealed class PostgresClient : IAsyncDisposable
{
    // One text for looking and for acting, so that both mean the same sessions. The agent's own are never meant.
    private const string Meant = """
        FROM pg_catalog.pg_stat_activity
        WHERE backend_type = 'client backend' AND pid <> pg_backend_pid() AND application_name <> 'hostagent'
          AND (state = 'idle' OR ($1 AND state IN ('idle in transaction', 'idle in transaction (aborted)')))
          AND state_change < now() - make_interval(secs => $2)
          AND ($3 = '' OR datname = $3) AND ($4 = '' OR usename = $4)
        ORDER BY state_change LIMIT $5
        """;

    private const string Columns = """
        pid, (extract(epoch from backend_start) * 1000000)::bigint, coalesce(usename, ''), coalesce(datname, ''), application_name,
        coalesce(host(client_addr), ''), coalesce(state, ''), coalesce(extract(epoch from now() - state_change)::bigint, 0)
        """;

    private readonly PostgresConnection _connection;

    private PostgresClient(PostgresConnection connection) => _connection = connection;

    /// <summary>Connects with what stands in the target's file.</summary>
    /// <exception cref="DatabaseException">It cannot.</exception>
    public static async Task<PostgresClient> ConnectAsync(LinuxRoots roots, DatabaseTarget target, CancellationToken cancellation)
        => new(await PostgresConnection.OpenAsync(DatabaseUrl.Parse(SecretFile.ReadUrl(roots, target)), "database " + target.Name, cancellation));

    /// <summary>Client sessions now, and how many there may be.</summary>
    public async Task<(long Sessions, long Most)> CountAsync(CancellationToken cancellation)
    {
        const string sql = "SELECT count(*), current_setting('max_connections')::bigint FROM pg_catalog.pg_stat_activity WHERE backend_type = 'client backend'";
        (long, long) counts = (0, 0);
        await QueryAsync(sql, [], row => counts = (Number(row[0]), Number(row[1])), cancellation);
        return counts;
    }

    /// <summary>The sessions that a filter means.</summary>
    public async Task<IReadOnlyList<Session>> IdleAsync(SessionFilter filter, CancellationToken cancellation)
    {
        List<Session> sessions = [];
        await QueryAsync($"SELECT {Columns} {Meant}", Parameters(filter), row => sessions.Add(Session(row)), cancellation);
        return sessions;
    }

    /// <summary>Ends the sessions that a filter means at this instant. Returns those that were told to.</summary>
    public async Task<IReadOnlyList<Session>> TerminateIdleAsync(SessionFilter filter, CancellationToken cancellation)
    {
        List<Session> sessions = [];
        await QueryAsync($"WITH meant AS MATERIALIZED (SELECT {Columns} {Meant}) SELECT * FROM meant WHERE pg_terminate_backend(pid)", Parameters(filter),
            row => sessions.Add(Session(row)), cancellation);
        return sessions;
    }

    /// <summary>One session; null when there is none with this number.</summary>
    public async Task<Session?> SessionAsync(int pid, CancellationToken cancellation)
    {
        Session? session = null;
        await QueryAsync($"SELECT {Columns} FROM pg_catalog.pg_stat_activity WHERE pid = $1 AND backend_type = 'client backend'", [Value(pid)],
            row => session = Session(row), cancellation);
        return session;
    }

    /// <summary>Cancels what a session does, or ends the session. False when it is not that session any more.</summary>
    public async Task<bool> EndAsync(Session session, bool terminate, CancellationToken cancellation)
    {
        bool told = false;
        string function = terminate ? "pg_terminate_backend" : "pg_cancel_backend";
        await QueryAsync(
            $"SELECT {function}(pid) FROM pg_catalog.pg_stat_activity WHERE pid = $1 AND (extract(epoch from backend_start) * 1000000)::bigint = $2",
            [Value(session.Pid), Value(session.Started)], row => told = row[0] == "t", cancellation);
        return told;
    }

    /// <summary>How many rows of a table are older.</summary>
    public async Task<long> CountOldAsync(string table, string column, TimeSpan age, CancellationToken cancellation)
    {
        long count = 0;
        await QueryAsync($"SELECT count(*) FROM {SqlName.Quote(table)} WHERE {SqlName.Quote(column)} < now() - make_interval(secs => $1)", [Value(age.TotalSeconds)],
            row => count = Number(row[0]), cancellation);
        return count;
    }

    /// <summary>Deletes at most so many of the older rows, in a transaction of its own. Returns how many.</summary>
    public Task<long> DeleteOldAsync(string table, string column, TimeSpan age, int most, CancellationToken cancellation)
    {
        string name = SqlName.Quote(table);
        return ExecuteAsync(
            $"DELETE FROM {name} WHERE ctid = ANY(ARRAY(SELECT ctid FROM {name} WHERE {SqlName.Quote(column)} < now() - make_interval(secs => $1) LIMIT $2))",
            [Value(age.TotalSeconds), Value(most)], cancellation);
    }

    /// <summary>The tables of the database that this role may maintain, schema.table.</summary>
    public async Task<IReadOnlyList<string>> TablesAsync(CancellationToken cancellation)
    {
        List<string> tables = [];
        const string sql = """
            SELECT n.nspname || '.' || c.relname FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
            WHERE c.relkind IN ('r', 'm') AND n.nspname NOT IN ('pg_catalog', 'information_schema') AND n.nspname NOT LIKE 'pg\_t%'
              AND position('.' in n.nspname || c.relname) = 0 AND pg_has_role(c.relowner, 'USAGE')
            ORDER BY 1
            """;
        await QueryAsync(sql, [], row => tables.Add(row[0] ?? ""), cancellation);
        return tables;
    }

    /// <summary>Frees dead rows and counts anew what the planner goes by.</summary>
    public Task VacuumAsync(string table, CancellationToken cancellation) => ExecuteAsync($"VACUUM (ANALYZE) {SqlName.Quote(table)}", [], cancellation);

    /// <summary>Builds a table's indexes anew beside the old ones; readers and writers go on.</summary>
    public Task ReindexAsync(string table, CancellationToken cancellation) => ExecuteAsync($"REINDEX TABLE CONCURRENTLY {SqlName.Quote(table)}", [], cancellation);

    /// <summary>Indexes that an interrupted concurrent build has left unusable.</summary>
    public async Task<long> InvalidIndexesAsync(CancellationToken cancellation)
    {
        long count = 0;
        await QueryAsync("SELECT count(*) FROM pg_catalog.pg_index WHERE NOT indisvalid", [], row => count = Number(row[0]), cancellation);
        return count;
    }

    /// <summary>How many of these tables have not been vacuumed since an instant, unix milliseconds.</summary>
    public async Task<long> NotVacuumedSinceAsync(IReadOnlyList<string> tables, long unixMs, CancellationToken cancellation)
    {
        long count = 0;
        foreach (string table in tables)
        {
            await QueryAsync(
                "SELECT count(*) FROM pg_catalog.pg_stat_user_tables WHERE relid = $1::regclass AND coalesce(last_vacuum, 'epoch') < to_timestamp($2)",
                [SqlName.Quote(table), Value(unixMs / 1000.0)], row => count += Number(row[0]), cancellation);
        }

        return count;
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _connection.DisposeAsync();

    private static Session Session(string?[] row) => new(
        (int)Number(row[0]), Number(row[1]), row[2] ?? "", row[3] ?? "", row[4] ?? "", row[5] ?? "", row[6] ?? "", Number(row[7]));

    private static string[] Parameters(SessionFilter filter) =>
        [filter.InTransaction ? "t" : "f", Value(filter.OlderThan.TotalSeconds), filter.Database ?? "", filter.User ?? "", Value(filter.Most)];

    private static string Value(double value) => value.ToString("R", CultureInfo.InvariantCulture);

    private static string Value(long value) => value.ToString(CultureInfo.InvariantCulture);

    private static long Number(string? text) => long.TryParse(text, CultureInfo.InvariantCulture, out long number)
        ? number : throw new DatabaseException("PostgreSQL answered with something that is no number");

    private Task<long> QueryAsync(string sql, string[] parameters, Action<string?[]> onRow, CancellationToken cancellation)
        => _connection.QueryAsync(sql, parameters, onRow, cancellation);

    private Task<long> ExecuteAsync(string sql, string[] parameters, CancellationToken cancellation)
        => QueryAsync(sql, parameters, static _ => { }, cancellation);
}
