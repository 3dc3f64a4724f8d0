using Microsoft.Data.Sqlite;

namespace HostAgent.Aggregator.Storage.Sqlite;

/// <summary>Documents in one SQLite file in write-ahead-log mode. A commit is on disk when it returns (synchronous=FULL).</summary>
public sealed class SqliteDocuments : IDocumentStore
{
    private const int Version = 1;
    private const int ApplicationId = 0x486F4163; // "HoAc"

    private readonly Lock _gate = new();
    private readonly string _path;
    private readonly SqliteConnection _connection;
    private readonly SqliteStatement _read;
    private readonly SqliteStatement _ascending;
    private readonly SqliteStatement _descending;
    private readonly SqliteStatement _write;
    private readonly SqliteStatement _delete;

    /// <summary>Opens or creates the file; its folder must exist.</summary>
    /// <exception cref="StorageException">It is not ours, of a newer version, damaged, or cannot be opened.</exception>
    public SqliteDocuments(string path)
    {
        _path = Path.GetFullPath(path);
        _connection = new SqliteConnection(
            new SqliteConnectionStringBuilder { DataSource = _path, Mode = SqliteOpenMode.ReadWriteCreate, Pooling = false, DefaultTimeout = 10 }.ConnectionString);
        try
        {
            Explained("opening", () =>
            {
                _connection.Open();
                Prepare();
                return true;
            });
        }
        catch
        {
            _connection.Dispose();
            throw;
        }

        _read = new(_connection, "SELECT body FROM document WHERE collection = ?1 AND key = ?2");
        _ascending = new(_connection, "SELECT key, body FROM document WHERE collection = ?1 AND key >= ?2 AND key < ?3 ORDER BY key LIMIT ?4");
        _descending = new(_connection, "SELECT key, body FROM document WHERE collection = ?1 AND key >= ?2 AND key < ?3 ORDER BY key DESC LIMIT ?4");
        _write = new(_connection, "INSERT INTO document (collection, key, body) VALUES (?1, ?2, ?3) ON CONFLICT DO UPDATE SET body = excluded.body");
        _delete = new(_connection, "DELETE FROM document WHERE collection = ?1 AND key = ?2");
    }

    /// <inheritdoc/>
    public string Description => $"sqlite {_path}";

    /// <inheritdoc/>
    public ReadOnlyMemory<byte>? Read(string collection, string key) => Explained("reading", () =>
    {
        using SqliteDataReader rows = _read.Query(collection, key);
        return rows.Read() ? rows.GetFieldValue<byte[]>(0) : (ReadOnlyMemory<byte>?)null;
    });

    /// <inheritdoc/>
    public IReadOnlyList<Document> Scan(string collection, string fromKey = "", string? toKey = null, int limit = int.MaxValue, bool descending = false)
        => Explained("reading", () =>
        {
            // A blob is greater than every text: the end of an open range.
            using SqliteDataReader rows = (descending ? _descending : _ascending).Query(collection, fromKey, toKey ?? (object)Array.Empty<byte>(), limit);
            var found = new List<Document>();
            while (rows.Read())
            {
                found.Add(new Document(collection, rows.GetString(0), rows.GetFieldValue<byte[]>(1)));
            }

            return found;
        });

    /// <inheritdoc/>
    public void Commit(IReadOnlyList<DocumentChange> changes) => Explained("committing", () =>
    {
        using SqliteTransaction scope = _connection.BeginTransaction(deferred: false);
        foreach (DocumentChange change in changes)
        {
            if (change.Body is { } body)
            {
                _write.Run(scope, change.Collection, change.Key, body.ToArray());
            }
            else
            {
                _delete.Run(scope, change.Collection, change.Key);
            }
        }

        scope.Commit();
        return true;
    });

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (_gate)
        {
            foreach (SqliteStatement statement in new[] { _read, _ascending, _descending, _write, _delete })
            {
                statement.Dispose();
            }

            _connection.Dispose();
        }
    }

    private void Prepare()
    {
        SqliteSchema.Execute(_connection, "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA journal_size_limit=16777216;");
        long version = SqliteSchema.Scalar(_connection, "PRAGMA user_version");
        long application = SqliteSchema.Scalar(_connection, "PRAGMA application_id");
        if (version == 0 && application == 0 && SqliteSchema.Scalar(_connection, "SELECT COUNT(*) FROM sqlite_schema") == 0)
        {
            SqliteSchema.Execute(
                _connection,
                $"""
                 BEGIN IMMEDIATE;
                 CREATE TABLE document (
                   collection TEXT NOT NULL, key TEXT NOT NULL, body BLOB NOT NULL, PRIMARY KEY (collection, key)) STRICT, WITHOUT ROWID;
                 PRAGMA user_version={Version}; PRAGMA application_id={ApplicationId};
                 COMMIT;
                 """);
            return;
        }

        if (application != ApplicationId)
        {
            throw new StorageException($"{_path} is an SQLite file, but not a document store of this program (application id {application:x})", false);
        }

        if (version > Version)
        {
            throw new StorageException($"{_path} has version {version}; this program reads up to {Version}: use the newer program that wrote it", false);
        }
    }

    private T Explained<T>(string doing, Func<T> work)
    {
        lock (_gate)
        {
            try
            {
                return work();
            }
            catch (SqliteException e)
            {
                throw SqliteErrors.Explain(e, _path, doing);
            }
        }
    }
}
