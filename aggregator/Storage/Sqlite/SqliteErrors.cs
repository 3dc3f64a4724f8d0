using Microsoft.Data.Sqlite;

namespace HostAgent.Aggregator.Storage.Sqlite;

/// <summary>Says in an operator's words what SQLite's result codes mean (https://sqlite.org/rescode.html).</summary>
internal static class SqliteErrors
{
    private const int Busy = 5;
    private const int Locked = 6;
    private const int ReadOnly = 8;
    private const int InputOutput = 10;
    private const int Corrupt = 11;
    private const int Full = 13;
    private const int CannotOpen = 14;
    private const int NotADatabase = 26;

    /// <summary>The error to throw on, naming the file and what was being done.</summary>
    public static StorageException Explain(SqliteException error, string path, string doing) => error.SqliteErrorCode switch
    {
        Full => new StorageException($"{doing}: the disk of {path} is full; free some space, nothing else is needed", true, error),
        InputOutput => new StorageException($"{doing}: the disk of {path} reports an I/O error ({error.SqliteExtendedErrorCode}); see the kernel log", true, error),
        Busy or Locked => new StorageException($"{doing}: {path} is locked by another process", true, error),
        ReadOnly or CannotOpen => new StorageException($"{doing}: {path} cannot be opened for writing; see the permissions of its folder", true, error),
        Corrupt or NotADatabase => new StorageException($"{doing}: {path} is damaged ({error.Message}); restore it from a backup", false, error),
        _ => new StorageException($"{doing}: {path}: {error.Message}", true, error),
    };
}
