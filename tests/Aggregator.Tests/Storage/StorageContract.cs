using HostAgent.Aggregator.Storage;
using HostAgent.V1;

namespace HostAgent.Aggregator.Tests.Storage;

/// <summary>What every backend must do. A backend's suite is this class and a way to make, and to reopen, its store.</summary>
public abstract class StorageContract : IDisposable
{
    private static readonly LabelSet Labels = LabelSet.From([new("host", "web-1"), new("quote", "a\"b\\c\nd"), new("unicode", "käse ☃")]);

    private readonly HashSet<long> _known = [];
    private IStorageBackend? _backend;

    protected IStorageBackend Backend => _backend ??= Create();

    [Fact]
    public void A_new_store_is_empty()
    {
        StorageSnapshot snapshot = Backend.Open();

        Assert.Empty(snapshot.Hosts);
        Assert.Empty(snapshot.Epochs);
        Assert.Empty(snapshot.Account);
        Assert.Empty(snapshot.Metrics);
        Assert.Empty(snapshot.Series);
        Assert.Empty(Backend.ReadJournal());
        Assert.Empty(Chunks(1, long.MinValue, long.MaxValue));
    }

    [Fact]
    public void What_was_committed_is_there_after_reopening()
    {
        Backend.Open();
        var transaction = new StorageTransaction { Journal = new JournalRow(7, new byte[] { 1, 2, 3 }) };
        transaction.Hosts.Add(new HostRecord("h1", "web-1", Labels, "1.2", "boot", ulong.MaxValue, 5, 6));
        transaction.Epochs.Add(new EpochRecord("h1", 4, true, false, 99, 3));
        transaction.Account.Add(new AccountRecord("h1", 4, 2, 1, 50, 1000, 2000, 500));
        transaction.Metrics.Add(new MetricMetadata("host_load1", MetricType.Gauge, "Load."));
        transaction.Series.Add(Series(1));
        transaction.Chunks.Add(new SealedChunk(new SeriesId(1), 1000, 2000, [9, 8]));
        Backend.Commit(transaction);

        StorageSnapshot snapshot = ReopenStore();

        Assert.Equal(transaction.Hosts, snapshot.Hosts);
        Assert.Equal(transaction.Epochs, snapshot.Epochs);
        Assert.Equal(transaction.Account, snapshot.Account);
        Assert.Equal(transaction.Metrics, snapshot.Metrics);
        Assert.Equal([Series(1) with { FirstUnixMs = 1000, LastUnixMs = 2000 }], snapshot.Series);
        JournalRow row = Assert.Single(Backend.ReadJournal());
        Assert.Equal(7, row.Id);
        Assert.Equal([1, 2, 3], row.Body.ToArray());
        Assert.Equal([9, 8], Assert.Single(Chunks(1, 0, 5000)).Body);
    }

    [Fact]
    public void A_record_with_a_known_key_replaces_the_old_one()
    {
        Backend.Open();
        for (ulong i = 1; i <= 2; i++)
        {
            var transaction = new StorageTransaction();
            transaction.Hosts.Add(new HostRecord("h1", $"name{i}", LabelSet.Empty, "1", "b", i, 5, 6));
            transaction.Epochs.Add(new EpochRecord("h1", 4, i == 2, false, i, 0));
            transaction.Account.Add(new AccountRecord("h1", 4, 1, 1, i * 10, 0, (long)i, i));
            transaction.Metrics.Add(new MetricMetadata("m", MetricType.Gauge, $"help{i}"));
            Backend.Commit(transaction);
        }

        StorageSnapshot snapshot = ReopenStore();

        Assert.Equal("name2", Assert.Single(snapshot.Hosts).Name);
        Assert.True(Assert.Single(snapshot.Epochs).Ended);
        Assert.Equal(20UL, Assert.Single(snapshot.Account).LastSequence);
        Assert.Equal("help2", Assert.Single(snapshot.Metrics).Help);
    }

    [Fact]
    public void Chunks_come_by_overlap_in_order_of_start()
    {
        Backend.Open();
        Commit(1, (3000, 3999), (1000, 1999), (2000, 2999));
        Commit(2, (1500, 1600));

        Assert.Equal([1000, 2000, 3000], Chunks(1, 0, 9999).Select(c => c.StartUnixMs));
        Assert.Equal([1000, 2000], Chunks(1, 1999, 2000).Select(c => c.StartUnixMs));
        Assert.Equal([3000], Chunks(1, 3999, long.MaxValue).Select(c => c.StartUnixMs));
        Assert.Empty(Chunks(1, 4000, 9999));
        Assert.Empty(Chunks(1, 0, 999));
    }

    [Fact]
    public void A_chunk_that_is_longer_than_any_before_it_is_found_from_its_end()
    {
        Backend.Open();
        Commit(1, (10_000, 10_100));
        Commit(1, (0, 1_000_000));
        ReopenStore();

        Assert.Equal([0], Chunks(1, 999_999, 2_000_000).Select(c => c.StartUnixMs));
    }

    [Fact]
    public void Chunks_that_start_together_are_all_kept()
    {
        Backend.Open();
        Commit(1, (1000, 1100), (1000, 1200));
        Commit(1, (1000, 1300));

        Assert.Equal([1100, 1200, 1300], Chunks(1, 0, 9999).Select(c => c.EndUnixMs));
    }

    [Fact]
    public void Journal_rows_come_in_order_and_go_when_they_are_covered()
    {
        Backend.Open();
        for (long id = 1; id <= 5; id++)
        {
            Backend.Commit(new StorageTransaction { Journal = new JournalRow(id, new[] { (byte)id }) });
        }

        Backend.Commit(new StorageTransaction { Journal = new JournalRow(6, new byte[] { 6 }), DeleteJournalBelow = 4 });
        ReopenStore();

        Assert.Equal([4, 5, 6], Backend.ReadJournal().Select(r => r.Id));
    }

    [Fact]
    public void Deleting_takes_whole_old_chunks_old_account_rows_and_the_definitions_named()
    {
        Backend.Open();
        Commit(1, (1000, 1999), (2000, 2999));
        Commit(2, (1000, 1500));
        var transaction = new StorageTransaction();
        transaction.Account.Add(new AccountRecord("h1", 1, 1, 1, 10, 0, 1500, 10));
        transaction.Account.Add(new AccountRecord("h1", 1, 1, 11, 20, 1501, 2500, 10));
        Backend.Commit(transaction);

        long deleted = Backend.DeleteBefore(2000, [new SeriesId(2)], default);
        StorageSnapshot snapshot = ReopenStore();

        Assert.Equal(2, deleted);
        Assert.Equal([2000], Chunks(1, 0, 9999).Select(c => c.StartUnixMs));
        Assert.Equal([1], snapshot.Series.Select(s => s.Id.Value));
        Assert.Equal([11UL], snapshot.Account.Select(a => a.FirstSequence));
    }

    [Fact]
    public void A_transaction_that_fails_leaves_nothing_behind()
    {
        Backend.Open();
        Backend.Commit(new StorageTransaction { Journal = new JournalRow(1, new byte[] { 1 }) });
        var broken = new StorageTransaction { Journal = new JournalRow(1, new byte[] { 2 }) };
        broken.Series.Add(Series(3));

        Assert.ThrowsAny<Exception>(() => Backend.Commit(broken));

        Assert.Empty(ReopenStore().Series);
        Assert.Equal([1], Assert.Single(Backend.ReadJournal()).Body.ToArray());
    }

    [Fact]
    public async Task Reading_goes_on_while_commits_are_made()
    {
        Backend.Open();
        Commit(1, (0, 10));
        using var stop = new CancellationTokenSource();
        Task<int> reader = Task.Run(() =>
        {
            int most = 0;
            while (!stop.IsCancellationRequested)
            {
                int count = Chunks(1, 0, long.MaxValue).Count;
                Assert.True(count >= most, "a chunk that was seen is gone");
                most = count;
            }

            return most;
        });
        for (int i = 1; i <= 20; i++)
        {
            Commit(1, (i * 1000, (i * 1000) + 10));
        }

        await stop.CancelAsync();
        await reader;
        Assert.Equal(21, Chunks(1, 0, long.MaxValue).Count);
    }

    [Fact]
    public void A_sound_store_passes_its_check()
    {
        Backend.Open();
        Commit(1, (0, 10));

        Assert.Empty(Backend.Check(default));
        Assert.True(Backend.SizeBytes > 0);
    }

    public void Dispose()
    {
        _backend?.Dispose();
        Cleanup();
        GC.SuppressFinalize(this);
    }

    protected abstract IStorageBackend Create();

    /// <summary>A new process opens what <paramref name="old"/> committed.</summary>
    protected abstract IStorageBackend Reopen(IStorageBackend old);

    protected virtual void Cleanup()
    {
    }

    private static SeriesRecord Series(long id)
        => new(new SeriesId(id), "h1", "host_load1", LabelSet.From([.. Labels, new("n", $"{id}")]), SeriesRecord.NoFirst, SeriesRecord.NoLast);

    private StorageSnapshot ReopenStore()
    {
        _backend = Reopen(Backend);
        return _backend.Open();
    }

    private List<StoredChunk> Chunks(long series, long from, long to)
    {
        var chunks = new List<StoredChunk>();
        Backend.ReadChunks(new SeriesId(series), from, to, chunks);
        return chunks;
    }

    private void Commit(long series, params (long Start, long End)[] chunks)
    {
        var transaction = new StorageTransaction();
        if (!_known.Contains(series))
        {
            transaction.Series.Add(Series(series));
            _known.Add(series);
        }

        transaction.Chunks.AddRange(chunks.Select(c => new SealedChunk(new SeriesId(series), c.Start, c.End, [1, 2, 3])));
        Backend.Commit(transaction);
    }
}
