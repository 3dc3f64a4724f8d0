using HostAgent.Aggregator.Storage;
using HostAgent.Aggregator.Storage.Sqlite;
using HostAgent.TestSupport;
using Microsoft.Data.Sqlite;

namespace HostAgent.Aggregator.Tests.Storage.Sqlite;

public sealed class SqliteDocumentsTests : DocumentContract
{
    private readonly TempDirectory _directory = new("documents");

    private string Path => _directory.File("control.sqlite");

    [Fact]
    public void A_file_of_another_program_and_of_a_newer_version_are_refused()
    {
        using (var connection = new SqliteConnection($"Data Source={Path};Pooling=False"))
        {
            connection.Open();
            SqliteSchema.Execute(connection, "CREATE TABLE mine (x INTEGER)");
        }

        Assert.Contains("not a document store", Assert.Throws<StorageException>(Create).Message, StringComparison.Ordinal);

        string newer = _directory.File("newer.sqlite");
        new SqliteDocuments(newer).Dispose();
        using (var connection = new SqliteConnection($"Data Source={newer};Pooling=False"))
        {
            connection.Open();
            SqliteSchema.Execute(connection, "PRAGMA user_version=99");
        }

        Assert.Contains("version 99", Assert.Throws<StorageException>(() => new SqliteDocuments(newer)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_that_is_no_database_is_said_to_be_damaged()
    {
        File.WriteAllText(Path, new string('x', 10_000));
        Assert.Contains("damaged", Assert.Throws<StorageException>(Create).Message, StringComparison.Ordinal);
    }

    protected override IDocumentStore Create() => new SqliteDocuments(Path);

    protected override IDocumentStore Reopen(IDocumentStore store)
    {
        store.Dispose();
        return Create();
    }

    protected override void Cleanup() => _directory.Dispose();
}
