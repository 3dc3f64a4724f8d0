using HostAgent.Aggregator.Storage;

namespace HostAgent.Aggregator.Tests.Storage;

/// <summary>What every document store must do.</summary>
public abstract class DocumentContract : IDisposable
{
    private IDocumentStore? _store;

    protected IDocumentStore Store => _store ??= Create();

    [Fact]
    public void What_was_committed_is_there_after_reopening()
    {
        Assert.Null(Store.Read("a", "1"));
        Store.Commit([new("a", "1", Bytes("one")), new("a", "2", Bytes("")), new("b", "1", Bytes("other"))]);
        Store.Commit([new("a", "1", Bytes("changed")), new("b", "1", null), new("b", "never", null)]);

        _store = Reopen(Store);
        Assert.Equal("changed", Text(Store.Read("a", "1")));
        Assert.Equal("", Text(Store.Read("a", "2")));
        Assert.Null(Store.Read("b", "1"));
    }

    [Fact]
    public void A_scan_gives_a_range_of_one_collection_in_the_order_of_the_keys_bytes()
    {
        Store.Commit([.. new[] { "b", "a", "ä", "aa", "\U0001F600", "\uFFFD", "" }.Select(k => new DocumentChange("c", k, Bytes(k)))]);
        Store.Commit([new("b", "z", Bytes("")), new("d", "", Bytes(""))]);

        Assert.Equal(["", "a", "aa", "b", "ä", "\uFFFD", "\U0001F600"], Keys(Store.Scan("c")));
        Assert.Equal(["a", "aa"], Keys(Store.Scan("c", "a", "b")));
        Assert.Equal(["\U0001F600", "\uFFFD"], Keys(Store.Scan("c", "b", limit: 2, descending: true)));
        Assert.Equal(["a"], Keys(Store.Scan("c", "a", limit: 1)));
        Assert.Empty(Store.Scan("none"));
        Assert.Equal("aa", Text(Store.Scan("c", "aa", "b").Single().Body));
    }

    public void Dispose()
    {
        _store?.Dispose();
        Cleanup();
        GC.SuppressFinalize(this);
    }

    protected abstract IDocumentStore Create();

    /// <summary>What a new process would find.</summary>
    protected abstract IDocumentStore Reopen(IDocumentStore store);

    protected virtual void Cleanup()
    {
    }

    private static ReadOnlyMemory<byte> Bytes(string text) => System.Text.Encoding.UTF8.GetBytes(text);

    private static string? Text(ReadOnlyMemory<byte>? body) => body is { } bytes ? System.Text.Encoding.UTF8.GetString(bytes.Span) : null;

    private static IEnumerable<string> Keys(IReadOnlyList<Document> found) => found.Select(static d => d.Key);
}
