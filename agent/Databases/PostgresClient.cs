using System.Net.Sockets;
using HostAgent.Agent.Linux;
using Npgsql;

namespace HostAgent.Agent.Databases;

/// <summary>One connection to PostgreSQL (12 and newer) for one command, and the questions and acts that commands have.</summary>
internal sealed class PostgresClient : IAsyncDisposable
{
    private const int ConnectSeconds = 10;

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

    private readonly NpgsqlDataSource _source;
    private readonly NpgsqlConnection _connection;

    private PostgresClient(NpgsqlDataSource source, NpgsqlConnection connection)
    {
        _source = source;
        _connection = connection;
    }

    /// <summary>Connects with what stands in the target's file.</summary>
    /// <exception cref="DatabaseException">It cannot.</exception>
    public static async Task<PostgresClient> ConnectAsync(LinuxRoots roots, DatabaseTarget target, CancellationToken cancellation)
    {
        NpgsqlConnectionStringBuilder options = DatabaseUrl.Parse(SecretFile.ReadUrl(roots, target));
        options.Pooling = false;
        options.Timeout = ConnectSeconds;
        options.CommandTimeout = 0; // the command's own deadline ends it
        options.CancellationTimeout = 2000;
        options.ApplicationName = "hostagent";
        options.PersistSecurityInfo = false;
        var builder = new NpgsqlSlimDataSourceBuilder(options.ConnectionString);
        builder.EnableTransportSecurity();
        NpgsqlDataSource source = builder.Build();
        try
        {
            return new PostgresClient(source, await Guarded(() => source.OpenConnectionAsync(cancellation).AsTask(), $"database {target.Name}"));
        }
        catch
        {
            await source.DisposeAsync();
            throw;
        }
    }

    /// <summary>Client sessions now, and how many there may be.</summary>
    public async Task<(long Sessions, long Most)> CountAsync(CancellationToken cancellation)
    {
        const string sql = "SELECT count(*), current_setting('max_connections')::bigint FROM pg_catalog.pg_stat_activity WHERE backend_type = 'client backend'";
        (long, long) counts = (0, 0);
        await QueryAsync(sql, [], row => counts = (row.GetInt64(0), row.GetInt64(1)), cancellation);
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
            [Value(session.Pid), Value(session.Started)], row => told = row.GetBoolean(0), cancellation);
        return told;
    }

    /// <summary>How many rows of a table are older.</summary>
    public async Task<long> CountOldAsync(string table, string column, TimeSpan age, CancellationToken cancellation)
    {
        long count = 0;
        await QueryAsync($"SELECT count(*) FROM {SqlName.Quote(table)} WHERE {SqlName.Quote(column)} < now() - make_interval(secs => $1)", [Value(age.TotalSeconds)],
            row => count = row.GetInt64(0), cancellation);
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
        await QueryAsync(sql, [], row => tables.Add(row.GetString(0)), cancellation);
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
        await QueryAsync("SELECT count(*) FROM pg_catalog.pg_index WHERE NOT indisvalid", [], row => count = row.GetInt64(0), cancellation);
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
                [Value(SqlName.Quote(table)), Value(unixMs / 1000.0)], row => count += row.GetInt64(0), cancellation);
        }

        return count;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _connection.DisposeAsync();
        await _source.DisposeAsync();
    }

    private static Session Session(NpgsqlDataReader row) => new(
        row.GetInt32(0), row.GetInt64(1), row.GetString(2), row.GetString(3), row.GetString(4), row.GetString(5), row.GetString(6), row.GetInt64(7));

    private static NpgsqlParameter[] Parameters(SessionFilter filter) =>
        [Value(filter.InTransaction), Value(filter.OlderThan.TotalSeconds), Value(filter.Database ?? ""), Value(filter.User ?? ""), Value(filter.Most)];

    private static NpgsqlParameter<T> Value<T>(T value) => new() { TypedValue = value };

    private async Task QueryAsync(string sql, NpgsqlParameter[] parameters, Action<NpgsqlDataReader> onRow, CancellationToken cancellation)
        => await Guarded(async () =>
        {
            await using NpgsqlCommand command = Command(sql, parameters);
            await using NpgsqlDataReader reader = await command.ExecuteReaderAsync(cancellation);
            while (await reader.ReadAsync(cancellation))
            {
                onRow(reader);
            }

            return true;
        }, "PostgreSQL");

    private Task<long> ExecuteAsync(string sql, NpgsqlParameter[] parameters, CancellationToken cancellation) => Guarded(async () =>
    {
        await using NpgsqlCommand command = Command(sql, parameters);
        return (long)await command.ExecuteNonQueryAsync(cancellation);
    }, "PostgreSQL");

    private NpgsqlCommand Command(string sql, NpgsqlParameter[] parameters)
    {
        var command = new NpgsqlCommand(sql, _connection);
        command.Parameters.AddRange(parameters);
        return command;
    }

    private static async Task<T> Guarded<T>(Func<Task<T>> act, string what)
    {
        try
        {
            return await act();
        }
        catch (PostgresException e)
        {
            throw new DatabaseException($"{what}: {e.MessageText} (SQLSTATE {e.SqlState}){Advice(e.SqlState)}", e);
        }
        catch (Exception e) when (e is NpgsqlException or SocketException or TimeoutException)
        {
            throw new DatabaseException($"{what} cannot be reached: {(e.InnerException ?? e).Message}", e);
        }
    }

    // https://www.postgresql.org/docs/current/errcodes-appendix.html
    private static string Advice(string state) => state switch
    {
        "53300" => ": all connections are taken; only a superuser (or, from version 16, pg_use_reserved_connections) still gets in: give the agent's role that",
        "28P01" or "28000" => ": the password or the role in the agent's file is not what the server expects, or pg_hba.conf does not let it in",
        "42501" => ": the role lacks a right; for other roles' sessions it must be a member of pg_signal_backend, for tables it must own them",
        "42P01" => ": there is no such table in the database that the agent's file names",
        _ => "",
    };
}
