using Microsoft.Data.Sqlite;

namespace HostAgent.Aggregator.Storage.Sqlite;

/// <summary>The tables, as FORMAT.md describes them, and the settings of a connection.</summary>
internal static class SqliteSchema
{
    /// <summary>Kept in the file's header (PRAGMA user_version).</summary>
    public const int Version = 1;

    /// <summary>"HoAg" in the file's header (PRAGMA application_id), by which <c>file(1)</c> and this program know it.</summary>
    public const int ApplicationId = 0x486F4167;

    private const string Create =
        """
        CREATE TABLE host (
          host_id TEXT PRIMARY KEY, name TEXT NOT NULL, labels TEXT NOT NULL, agent_version TEXT NOT NULL, boot_id TEXT NOT NULL,
          epoch INTEGER NOT NULL, first_seen_ms INTEGER NOT NULL, last_seen_ms INTEGER NOT NULL) STRICT, WITHOUT ROWID;
        CREATE TABLE epoch (
          host_id TEXT NOT NULL, epoch INTEGER NOT NULL, ended INTEGER NOT NULL, clean INTEGER NOT NULL, last_sequence INTEGER NOT NULL,
          floor_sequence INTEGER NOT NULL, PRIMARY KEY (host_id, epoch)) STRICT, WITHOUT ROWID;
        CREATE TABLE account (
          host_id TEXT NOT NULL, epoch INTEGER NOT NULL, first_sequence INTEGER NOT NULL, last_sequence INTEGER NOT NULL,
          outcome INTEGER NOT NULL, first_ms INTEGER NOT NULL, last_ms INTEGER NOT NULL, samples INTEGER NOT NULL,
          PRIMARY KEY (host_id, epoch, first_sequence)) STRICT, WITHOUT ROWID;
        CREATE TABLE metric (name TEXT PRIMARY KEY, type INTEGER NOT NULL, help TEXT NOT NULL) STRICT, WITHOUT ROWID;
        CREATE TABLE series (
          id INTEGER PRIMARY KEY, host_id TEXT NOT NULL, metric TEXT NOT NULL, labels TEXT NOT NULL,
          first_ms INTEGER NOT NULL, last_ms INTEGER NOT NULL) STRICT;
        CREATE TABLE journal (id INTEGER PRIMARY KEY, body BLOB NOT NULL) STRICT;
        CREATE TABLE chunk (
          series INTEGER NOT NULL, start_ms INTEGER NOT NULL, serial INTEGER NOT NULL, end_ms INTEGER NOT NULL, body BLOB NOT NULL,
          PRIMARY KEY (series, start_ms, serial)) STRICT, WITHOUT ROWID;
        CREATE TABLE setting (name TEXT PRIMARY KEY, value INTEGER NOT NULL) STRICT, WITHOUT ROWID;
        """;

    /// <summary>Settings of the writing connection; then creates the tables in an empty file, or checks that the file is ours and of a version
    /// we read.</summary>
    public static void Prepare(SqliteConnection connection, string path)
    {
        // Page size and auto_vacuum take effect in an empty file only. FULL: a commit is on disk when it returns.
        Execute(connection, "PRAGMA page_size=8192; PRAGMA auto_vacuum=INCREMENTAL; PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;");

        // The log is folded in at 32 MiB: a page that changes often is then folded in once, and the log cannot grow without bound.
        Execute(connection, "PRAGMA wal_autocheckpoint=4096; PRAGMA cache_size=-32768; PRAGMA journal_size_limit=67108864; PRAGMA foreign_keys=OFF;");
        long version = Scalar(connection, "PRAGMA user_version");
        long application = Scalar(connection, "PRAGMA application_id");
        bool isEmpty = Scalar(connection, "SELECT COUNT(*) FROM sqlite_schema") == 0;
        if (isEmpty && version == 0 && application == 0)
        {
            Execute(connection, $"BEGIN IMMEDIATE; {Create} PRAGMA user_version={Version}; PRAGMA application_id={ApplicationId}; COMMIT;");
            return;
        }

        if (application != ApplicationId)
        {
            throw new StorageException(
                $"{path} is an SQLite file, but not a store of this program (application id {application:x}); point the data directory elsewhere", false);
        }

        if (version != Version)
        {
            throw new StorageException(
                $"{path} has schema version {version}, this program reads version {Version}; "
                + (version > Version ? "start the newer program that wrote it" : "start a program that can upgrade it"),
                false);
        }
    }

    public static void Execute(SqliteConnection connection, string sql)
    {
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    public static long Scalar(SqliteConnection connection, string sql)
    {
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = sql;
        return Convert.ToInt64(command.ExecuteScalar(), System.Globalization.CultureInfo.InvariantCulture);
    }
}
