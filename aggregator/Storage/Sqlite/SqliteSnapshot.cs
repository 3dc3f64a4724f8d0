using HostAgent.V1;
using Microsoft.Data.Sqlite;

namespace HostAgent.Aggregator.Storage.Sqlite;

/// <summary>Reads what the engine wants to know at the start.</summary>
internal static class SqliteSnapshot
{
    public static StorageSnapshot Read(SqliteConnection connection) => new(
        Rows(connection, "SELECT * FROM host", static r => new HostRecord(
            r.GetString(0), r.GetString(1), SqliteLabels.FromJson(r.GetString(2)), r.GetString(3), r.GetString(4), (ulong)r.GetInt64(5), r.GetInt64(6), r.GetInt64(7))),
        Rows(connection, "SELECT * FROM epoch", static r => new EpochRecord(
            r.GetString(0), (ulong)r.GetInt64(1), r.GetInt64(2) != 0, r.GetInt64(3) != 0, (ulong)r.GetInt64(4), (ulong)r.GetInt64(5))),
        Rows(connection, "SELECT host_id, epoch, outcome, first_sequence, last_sequence, first_ms, last_ms, samples FROM account", static r => new AccountRecord(
            r.GetString(0), (ulong)r.GetInt64(1), (byte)r.GetInt64(2), (ulong)r.GetInt64(3), (ulong)r.GetInt64(4), r.GetInt64(5), r.GetInt64(6), (ulong)r.GetInt64(7))),
        Rows(connection, "SELECT * FROM metric ORDER BY name", static r => new MetricMetadata(r.GetString(0), (MetricType)r.GetInt64(1), r.GetString(2))),
        Rows(connection, "SELECT * FROM series ORDER BY id", static r => new SeriesRecord(
            new SeriesId(r.GetInt64(0)), r.GetString(1), r.GetString(2), SqliteLabels.FromJson(r.GetString(3)), r.GetInt64(4), r.GetInt64(5))));

    private static List<T> Rows<T>(SqliteConnection connection, string sql, Func<SqliteDataReader, T> read)
    {
        using var statement = new SqliteStatement(connection, sql);
        using SqliteDataReader reader = statement.Query();
        var rows = new List<T>();
        while (reader.Read())
        {
            rows.Add(read(reader));
        }

        return rows;
    }
}
