using Microsoft.Data.Sqlite;

namespace HostAgent.Aggregator.Storage.Sqlite;

/// <summary>The prepared statements of the writing connection.</summary>
internal sealed class SqliteWriter : IDisposable
{
    private readonly SqliteStatement _host;
    private readonly SqliteStatement _epoch;
    private readonly SqliteStatement _account;
    private readonly SqliteStatement _metric;
    private readonly SqliteStatement _series;
    private readonly SqliteStatement _chunk;
    private readonly SqliteStatement _bounds;
    private readonly SqliteStatement _journal;
    private readonly SqliteStatement _deleteJournal;
    private readonly SqliteStatement _span;
    private readonly SqliteConnection _connection;

    public SqliteWriter(SqliteConnection connection)
    {
        _connection = connection;
        _host = new SqliteStatement(connection, "INSERT OR REPLACE INTO host VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)");
        _epoch = new SqliteStatement(connection, "INSERT OR REPLACE INTO epoch VALUES (?1, ?2, ?3, ?4, ?5, ?6)");
        _account = new SqliteStatement(connection, "INSERT OR REPLACE INTO account VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)");
        _metric = new SqliteStatement(connection, "INSERT OR REPLACE INTO metric VALUES (?1, ?2, ?3)");
        _series = new SqliteStatement(connection, "INSERT INTO series VALUES (?1, ?2, ?3, ?4, ?5, ?6)");
        _chunk = new SqliteStatement(
            connection,
            """
            INSERT INTO chunk VALUES (
              ?1, ?2, (SELECT COALESCE(MAX(serial) + 1, 0) FROM chunk WHERE series = ?1 AND start_ms = ?2), ?3, ?4)
            """);
        _bounds = new SqliteStatement(
            connection, "UPDATE series SET first_ms = MIN(first_ms, ?2), last_ms = MAX(last_ms, ?3) WHERE id = ?1");
        _journal = new SqliteStatement(connection, "INSERT INTO journal VALUES (?1, ?2)");
        _deleteJournal = new SqliteStatement(connection, "DELETE FROM journal WHERE id < ?1");
        _span = new SqliteStatement(connection, "INSERT OR REPLACE INTO setting VALUES ('longest_chunk_ms', ?1)");
    }

    /// <summary>Writes everything in one SQLite transaction; rolls back when a statement fails.</summary>
    public void Commit(StorageTransaction transaction, long? longestChunkMs)
    {
        using SqliteTransaction scope = _connection.BeginTransaction(deferred: false);
        foreach (HostRecord h in transaction.Hosts)
        {
            _host.Run(scope, h.HostId, h.Name, SqliteLabels.ToJson(h.Labels), h.AgentVersion, h.BootId, (long)h.Epoch, h.FirstSeenUnixMs, h.LastSeenUnixMs);
        }

        foreach (EpochRecord e in transaction.Epochs)
        {
            _epoch.Run(scope, e.HostId, (long)e.Epoch, e.Ended ? 1L : 0L, e.Clean ? 1L : 0L, (long)e.LastSequence, (long)e.FloorSequence);
        }

        foreach (AccountRecord a in transaction.Account)
        {
            _account.Run(
                scope, a.HostId, (long)a.Epoch, (long)a.FirstSequence, (long)a.LastSequence, (long)a.Outcome, a.FirstUnixMs, a.LastUnixMs, (long)a.Samples);
        }

        foreach (MetricMetadata m in transaction.Metrics)
        {
            _metric.Run(scope, m.Name, (long)m.Type, m.Help);
        }

        foreach (SeriesRecord s in transaction.Series)
        {
            _series.Run(scope, s.Id.Value, s.HostId, s.Metric, SqliteLabels.ToJson(s.Labels), s.FirstUnixMs, s.LastUnixMs);
        }

        foreach (SealedChunk c in transaction.Chunks)
        {
            _chunk.Run(scope, c.Series.Value, c.StartUnixMs, c.EndUnixMs, c.Body);
            _bounds.Run(scope, c.Series.Value, c.StartUnixMs, c.EndUnixMs);
        }

        if (longestChunkMs is { } span)
        {
            _span.Run(scope, span);
        }

        if (transaction.Journal is { } row)
        {
            _journal.Run(scope, row.Id, row.Body.ToArray());
        }

        if (transaction.DeleteJournalBelow > 0)
        {
            _deleteJournal.Run(scope, transaction.DeleteJournalBelow);
        }

        scope.Commit();
    }

    public void Dispose()
    {
        foreach (SqliteStatement statement in new[]
        {
            _host, _epoch, _account, _metric, _series, _chunk, _bounds, _journal, _deleteJournal, _span,
        })
        {
            statement.Dispose();
        }
    }
}
