using Microsoft.Data.Sqlite;

namespace HostAgent.Aggregator.Storage.Sqlite;

/// <summary>Deletes what is too old, in transactions of a few series each, so that a commit never waits long.</summary>
internal sealed class SqliteRetention(SqliteConnection connection, Lock writing)
{
    private const int SeriesPerStep = 200;
    private const int FreePagesPerStep = 512;

    public long DeleteBefore(long unixMs, IReadOnlyList<SeriesId> gone, CancellationToken cancellation)
    {
        using var next = new SqliteStatement(connection, "SELECT id FROM series WHERE id > ?1 AND first_ms < ?2 ORDER BY id LIMIT ?3");
        using var chunks = new SqliteStatement(connection, "DELETE FROM chunk WHERE series = ?1 AND start_ms < ?2 AND end_ms < ?2");
        using var bounds = new SqliteStatement(
            connection, "UPDATE series SET first_ms = COALESCE((SELECT MIN(start_ms) FROM chunk WHERE series = ?1), first_ms) WHERE id = ?1");
        long deleted = 0;
        long last = 0;
        while (true)
        {
            cancellation.ThrowIfCancellationRequested();
            lock (writing)
            {
                List<long> ids = Ids(next, last, unixMs);
                if (ids.Count == 0)
                {
                    break;
                }

                using SqliteTransaction scope = connection.BeginTransaction(deferred: false);
                foreach (long id in ids)
                {
                    deleted += chunks.Run(scope, id, unixMs);
                    bounds.Run(scope, id);
                }

                scope.Commit();
                last = ids[^1];
                SqliteSchema.Execute(connection, $"PRAGMA incremental_vacuum({FreePagesPerStep})");
            }
        }

        DeleteDefinitions(unixMs, gone);
        return deleted;
    }

    private static List<long> Ids(SqliteStatement next, long after, long unixMs)
    {
        using SqliteDataReader rows = next.Query(after, unixMs, (long)SeriesPerStep);
        var ids = new List<long>();
        while (rows.Read())
        {
            ids.Add(rows.GetInt64(0));
        }

        return ids;
    }

    private void DeleteDefinitions(long unixMs, IReadOnlyList<SeriesId> gone)
    {
        using var series = new SqliteStatement(connection, "DELETE FROM series WHERE id = ?1");
        using var account = new SqliteStatement(connection, "DELETE FROM account WHERE last_ms < ?1");
        lock (writing)
        {
            using SqliteTransaction scope = connection.BeginTransaction(deferred: false);
            foreach (SeriesId id in gone)
            {
                series.Run(scope, id.Value);
            }

            account.Run(scope, unixMs);
            scope.Commit();
        }
    }
}
