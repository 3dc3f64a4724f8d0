using HostAgent.Aggregator.Storage;
using HostAgent.Aggregator.Storage.Sqlite;
using Microsoft.Data.Sqlite;

namespace HostAgent.Aggregator.Tests.Storage.Sqlite;

public sealed class SqliteBackendTests : StorageContract
{
    private readonly string _folder = Directory.CreateTempSubdirectory("hostaggregator-sqlite-").FullName;

    private string File => Path.Combine(_folder, "deep", "samples.db");

    [Fact]
    public void A_second_aggregator_on_the_same_file_is_refused_by_name()
    {
        Backend.Open();
        using var second = new SqliteBackend(File);

        StorageException refused = Assert.Throws<StorageException>(second.Open);

        Assert.Contains("in use by another aggregator", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_store_of_a_newer_version_is_refused_with_both_versions()
    {
        Backend.Open();
        Backend.Dispose();
        Run("PRAGMA user_version=99");
        using var reopened = new SqliteBackend(File);

        StorageException refused = Assert.Throws<StorageException>(reopened.Open);

        Assert.False(refused.IsTransient);
        Assert.Contains("schema version 99, this program reads version 1", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Someone_elses_sqlite_file_is_refused_and_left_alone()
    {
        Directory.CreateDirectory(Path.GetDirectoryName(File)!);
        Run("CREATE TABLE theirs (x)");
        using var reopened = new SqliteBackend(File);

        StorageException refused = Assert.Throws<StorageException>(reopened.Open);

        Assert.Contains("not a store of this program", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_that_is_not_sqlite_is_refused_by_name()
    {
        Directory.CreateDirectory(Path.GetDirectoryName(File)!);
        System.IO.File.WriteAllText(File, new string('x', 9000));
        using var reopened = new SqliteBackend(File);

        StorageException refused = Assert.Throws<StorageException>(reopened.Open);

        Assert.False(refused.IsTransient);
        Assert.Contains("damaged", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_full_disk_fails_the_commit_as_transient_and_the_next_one_succeeds_when_there_is_room()
    {
        Backend.Open();
        // The file may not grow past its present size: SQLite then answers as it does on a full disk.
        ((SqliteBackend)Backend).LimitPages(1);
        var transaction = new StorageTransaction { Journal = new JournalRow(1, new byte[200_000]) };

        StorageException full = Assert.Throws<StorageException>(() => Backend.Commit(transaction));

        Assert.True(full.IsTransient);
        Assert.Contains("is full", full.Message, StringComparison.Ordinal);
        ((SqliteBackend)Backend).LimitPages(1_000_000);
        Backend.Commit(transaction);
        Assert.Single(Backend.ReadJournal());
    }

    protected override IStorageBackend Create() => new SqliteBackend(File);

    protected override IStorageBackend Reopen(IStorageBackend old)
    {
        old.Dispose();
        return new SqliteBackend(File);
    }

    protected override void Cleanup() => Directory.Delete(_folder, recursive: true);

    private void Run(string sql)
    {
        using var connection = new SqliteConnection($"Data Source={File};Pooling=False");
        connection.Open();
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }
}
