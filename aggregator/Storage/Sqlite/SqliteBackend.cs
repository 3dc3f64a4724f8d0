using System.Collections.Concurrent;
using Microsoft.Data.Sqlite;

namespace HostAgent.Aggregator.Storage.Sqlite;

/// <summary>The embedded default: one SQLite file in write-ahead-log mode, one writing connection, as many reading ones as there are readers.
/// A commit is on disk when it returns (synchronous=FULL).</summary>
public sealed class SqliteBackend : IStorageBackend
{
    private readonly Lock _writing = new();
    private readonly ConcurrentBag<SqliteReader> _readers = [];
    private readonly string _path;
    private FileStream? _lock;
    private SqliteConnection? _connection;
    private SqliteWriter? _writer;
    private long _longestChunkMs;

    /// <param name="path">The file; its folder is made when it is missing. <c>-wal</c>, <c>-shm</c> and <c>.lock</c> files stand beside it.</param>
    public SqliteBackend(string path) => _path = Path.GetFullPath(path);

    /// <inheritdoc/>
    public string Description => $"sqlite {_path}";

    /// <inheritdoc/>
    public long SizeBytes => new[] { _path, _path + "-wal" }.Select(static p => new FileInfo(p)).Sum(static f => f.Exists ? f.Length : 0);

    private string ReadConnectionString => new SqliteConnectionStringBuilder
    {
        DataSource = _path,
        Mode = SqliteOpenMode.ReadWrite, // WAL readers need the shared-memory file; query_only keeps them from writing
        Pooling = false,
        DefaultTimeout = 10,
    }.ConnectionString;

    /// <inheritdoc/>
    public StorageSnapshot Open() => Explained("opening the store", () =>
    {
        Directory.CreateDirectory(Path.GetDirectoryName(_path)!);
        TakeLock();
        _connection = new SqliteConnection(
            new SqliteConnectionStringBuilder { DataSource = _path, Mode = SqliteOpenMode.ReadWriteCreate, Pooling = false, DefaultTimeout = 10 }.ConnectionString);
        _connection.Open();
        SqliteSchema.Prepare(_connection, _path);
        _writer = new SqliteWriter(_connection);
        _longestChunkMs = SqliteSchema.Scalar(_connection, "SELECT COALESCE(MAX(value), 0) FROM setting WHERE name = 'longest_chunk_ms'");
        return SqliteSnapshot.Read(_connection);
    });

    /// <inheritdoc/>
    public IEnumerable<JournalRow> ReadJournal()
    {
        using SqliteReader reader = Explained("reading the journal", () => new SqliteReader(ReadConnectionString));
        using IEnumerator<JournalRow> rows = reader.ReadJournal().GetEnumerator();
        while (Explained("reading the journal", rows.MoveNext))
        {
            yield return rows.Current;
        }
    }

    /// <inheritdoc/>
    public void Commit(StorageTransaction transaction) => Explained("committing", () =>
    {
        lock (_writing)
        {
            long longest = _longestChunkMs;
            foreach (SealedChunk chunk in transaction.Chunks)
            {
                longest = Math.Max(longest, chunk.EndUnixMs - chunk.StartUnixMs);
            }

            // Readers look as far back as the longest chunk reaches, so they must know of a longer one before they can see it.
            bool grows = longest > _longestChunkMs;
            Volatile.Write(ref _longestChunkMs, longest);
            _writer!.Commit(transaction, grows ? longest : null);
            return true;
        }
    });

    /// <inheritdoc/>
    public void ReadChunks(SeriesId series, long fromUnixMs, long toUnixMs, List<StoredChunk> into) => Explained("reading chunks", () =>
    {
        if (!_readers.TryTake(out SqliteReader? reader))
        {
            reader = new SqliteReader(ReadConnectionString);
        }

        try
        {
            long reach = Volatile.Read(ref _longestChunkMs);
            long earliest = fromUnixMs < long.MinValue + reach ? long.MinValue : fromUnixMs - reach;
            reader.ReadChunks(series, earliest, fromUnixMs, toUnixMs, into);
        }
        finally
        {
            _readers.Add(reader);
        }

        return true;
    });

    /// <inheritdoc/>
    public long DeleteBefore(long unixMs, IReadOnlyList<SeriesId> gone, CancellationToken cancellation)
        => Explained("deleting old chunks", () => new SqliteRetention(_connection!, _writing).DeleteBefore(unixMs, gone, cancellation));

    /// <inheritdoc/>
    public IReadOnlyList<string> Check(CancellationToken cancellation) => Explained("checking the store", () =>
    {
        using var reader = new SqliteReader(ReadConnectionString);
        return reader.Check();
    });

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (_writing)
        {
            _writer?.Dispose();
            while (_readers.TryTake(out SqliteReader? reader))
            {
                reader.Dispose();
            }

            _connection?.Dispose();
            _lock?.Dispose();
        }
    }

    /// <summary>Bounds the file, as a full disk would. 1 (or less than it has) keeps it from growing.</summary>
    internal void LimitPages(long pages) => SqliteSchema.Execute(_connection!, $"PRAGMA max_page_count={pages}");

    private void TakeLock()
    {
        try
        {
            _lock = new FileStream(_path + ".lock", FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (UnauthorizedAccessException e)
        {
            throw new StorageException($"{_path}.lock cannot be opened for writing; see the permissions of its folder", true, e);
        }
        catch (IOException e)
        {
            throw new StorageException($"{_path} is in use by another aggregator (its lock file is held); stop that one first", true, e);
        }
    }

    private T Explained<T>(string doing, Func<T> action)
    {
        try
        {
            return action();
        }
        catch (SqliteException e)
        {
            throw SqliteErrors.Explain(e, _path, doing);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new StorageException($"{doing}: {e.Message}", true, e);
        }
    }
}
