using Microsoft.Data.Sqlite;

namespace HostAgent.Aggregator.Storage.Sqlite;

/// <summary>One reading connection with its prepared statement; used by one thread at a time.</summary>
internal sealed class SqliteReader : IDisposable
{
    private readonly SqliteConnection _connection;
    private readonly SqliteStatement _chunks;

    public SqliteReader(string connectionString)
    {
        _connection = new SqliteConnection(connectionString);
        _connection.Open();
        SqliteSchema.Execute(_connection, "PRAGMA query_only=1; PRAGMA cache_size=-2048;");
        _chunks = new SqliteStatement(
            _connection,
            "SELECT start_ms, end_ms, body FROM chunk WHERE series = ?1 AND start_ms BETWEEN ?2 AND ?3 AND end_ms >= ?4 ORDER BY start_ms, serial");
    }

    public void ReadChunks(SeriesId series, long earliestStart, long fromUnixMs, long toUnixMs, List<StoredChunk> into)
    {
        using SqliteDataReader rows = _chunks.Query(series.Value, earliestStart, toUnixMs, fromUnixMs);
        while (rows.Read())
        {
            into.Add(new StoredChunk(rows.GetInt64(0), rows.GetInt64(1), rows.GetFieldValue<byte[]>(2)));
        }
    }

    public IEnumerable<JournalRow> ReadJournal()
    {
        using var rows = new SqliteStatement(_connection, "SELECT id, body FROM journal ORDER BY id");
        using SqliteDataReader reader = rows.Query();
        while (reader.Read())
        {
            yield return new JournalRow(reader.GetInt64(0), reader.GetFieldValue<byte[]>(1));
        }
    }

    public List<string> Check()
    {
        using var check = new SqliteStatement(_connection, "PRAGMA integrity_check");
        using SqliteDataReader rows = check.Query();
        var found = new List<string>();
        while (rows.Read())
        {
            found.Add(rows.GetString(0));
        }

        return found is ["ok"] ? [] : found;
    }

    public void Dispose()
    {
        _chunks.Dispose();
        _connection.Dispose();
    }
}
