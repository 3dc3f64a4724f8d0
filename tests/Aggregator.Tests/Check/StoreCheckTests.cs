using System.Text.Json;
using HostAgent.Aggregator.Check;
using HostAgent.Aggregator.Hosting;
using HostAgent.Aggregator.Ingest;
using HostAgent.Aggregator.Storage;
using HostAgent.Aggregator.Storage.Memory;
using HostAgent.Aggregator.Storage.Sqlite;
using HostAgent.Aggregator.Tests.Ingest;
using HostAgent.TestSupport;
using HostAgent.TestSupport.Processes;
using HostAgent.V1;
using Microsoft.Data.Sqlite;

namespace HostAgent.Aggregator.Tests.Check;

/// <summary>A damaged store says what is damaged; the program's exit code is the answer.</summary>
public sealed class StoreCheckTests : IDisposable
{
    private static readonly string Binary = Path.Combine(AppContext.BaseDirectory, "hostaggregator");

    private readonly TempDirectory _directory = new("check");

    private string Store => _directory.File("samples.sqlite");

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task A_sound_store_is_read_whole()
    {
        await FillAsync();

        (int exitCode, string output) = await CheckAsync("--json");

        JsonElement report = JsonDocument.Parse(output).RootElement;
        Assert.Equal(0, exitCode);
        Assert.True(report.GetProperty("isSound").GetBoolean());
        Assert.Equal((1, 3), (report.GetProperty("hosts").GetInt32(), report.GetProperty("series").GetInt32()));
        Assert.Equal(30, report.GetProperty("samples").GetInt64());
        Assert.True(report.GetProperty("journalRows").GetInt32() > 0);
        Assert.Empty(report.GetProperty("findings").EnumerateArray());
        Assert.EndsWith("sound\n", (await CheckAsync()).Output);
    }

    [Fact]
    public async Task A_bit_that_flipped_in_a_chunk_is_found_and_named()
    {
        await FillAsync();
        FlipBit("chunk", "series = 1 AND start_ms = (SELECT min(start_ms) FROM chunk WHERE series = 1)");

        (int exitCode, string output) = await CheckAsync();

        Assert.Equal(1, exitCode);
        Assert.Matches("damaged: chunk [0-9]+ to [0-9]+ \\(unix ms\\) of m_total, series 1 of host 0123456789abcdef0123456789abcdef: the checksum does not match", output);
        Assert.Contains("1 findings", output);
        JsonElement report = JsonDocument.Parse((await CheckAsync("--json")).Output).RootElement;
        Assert.Equal(1, report.GetProperty("findingCount").GetInt32());
        Assert.InRange(report.GetProperty("samples").GetInt32(), 20, 29); // all of the other two series, and what this one has in other chunks
    }

    [Fact]
    public async Task A_damaged_journal_row_and_a_frame_counted_twice_are_found()
    {
        await FillAsync();
        FlipBit("journal", "id = (SELECT max(id) FROM journal)");
        Run("INSERT INTO account SELECT host_id, epoch, first_sequence + 1, last_sequence, outcome, first_ms, last_ms, samples FROM account");

        (int exitCode, string output) = await CheckAsync();

        Assert.Equal(1, exitCode);
        Assert.Matches("damaged: journal row [0-9]+: the checksum does not match; what it holds is lost", output);
        Assert.Contains("damaged: account of host 0123456789abcdef0123456789abcdef, epoch 1: frame 2 is counted twice", output);
    }

    [Fact]
    public async Task A_page_that_was_overwritten_is_found()
    {
        await FillAsync();
        using (FileStream file = File.OpenWrite(Store))
        {
            file.Seek(8192 * 3, SeekOrigin.Begin); // pages are 8 KiB; past the schema's
            for (int page = 3; page < file.Length / 8192; page++)
            {
                file.Write(Enumerable.Repeat((byte)0xA5, 8192).ToArray());
            }
        }

        (int exitCode, string output) = await CheckAsync();

        Assert.Equal(1, exitCode);
        Assert.Contains("damaged", output);
        Assert.DoesNotContain("   at ", output);
    }

    [Fact]
    public async Task A_file_that_is_no_store_is_damage_and_no_file_is_no_input()
    {
        Assert.Equal(66, (await CheckAsync()).ExitCode);
        Assert.Contains($"there is no store in {_directory.FullPath}", (await CheckAsync()).Output);

        await File.WriteAllTextAsync(Store, new string('x', 9000), TestContext.Current.CancellationToken);
        (int exitCode, string output) = await CheckAsync();
        Assert.Equal(1, exitCode);
        Assert.Contains("restore it from a backup", output);
    }

    [Fact]
    public async Task A_store_in_use_is_left_alone_and_says_so()
    {
        await FillAsync();
        using (DataDirectory.Open(_directory.FullPath))
        {
            (int exitCode, string output) = await CheckAsync();
            Assert.Equal(73, exitCode);
            Assert.Contains($"the data directory {_directory.FullPath} is in use by another hostaggregator", output);
        }

        Assert.Equal(0, (await CheckAsync()).ExitCode);
    }

    [Fact]
    public async Task Help_says_what_it_does_and_what_its_exit_codes_mean()
    {
        await using ChildProcess program = ChildProcess.Start("hostaggregator", [Binary, "check", "--help"], _directory.File("help"));
        Assert.Equal(0, await program.WaitAsync(TimeSpan.FromSeconds(90)));
        Assert.Contains("--json", program.Output);
        Assert.Contains("check: the store is damaged", program.Output);
    }

    [Fact]
    public void A_store_broken_throughout_keeps_its_report_short()
    {
        var backend = new MemoryBackend();
        var transaction = new StorageTransaction();
        transaction.Series.Add(new SeriesRecord(new SeriesId(1), "h", "m", LabelSet.From([]), long.MaxValue, long.MinValue));
        for (int i = 0; i < 1000; i++)
        {
            transaction.Chunks.Add(new SealedChunk(new SeriesId(1), i, i, [1, 2, 3]));
        }

        backend.Commit(transaction);
        StoreReport report = StoreCheck.Run(backend, CancellationToken.None);

        Assert.Equal((1000, StoreReport.MaxFindings, false), (report.FindingCount, report.Findings.Count, report.IsSound));
    }

    /// <summary>Ten frames of three series as an aggregator leaves them: sealed into chunks, with the last row of the journal behind them.</summary>
    private async Task FillAsync()
    {
        using var backend = new SqliteBackend(Store);
        await using var aggregator = new IngestHarness(backend, new IngestOptions { SectionTicks = 10 });
        var agent = new TestAgent();
        Batch batch = agent.Announce();
        for (ulong i = 1; i <= 10; i++)
        {
            agent.Values = [(long)i, (long)i * 1000, 7];
            batch.Entries.Add(agent.Frame(i, aggregator.Now + (long)(i * 1000)));
        }

        LaneSession lane = aggregator.Open(agent.Hello(), batch);
        await IngestHarness.AckedAsync(lane, 10);
        aggregator.Pipeline.Close(lane);
        lane.Dispose();
        aggregator.Pipeline.Queue.Wake();
        long id = aggregator.Store.Select([new("device", Aggregator.Storage.MatchType.Equal, "d0")], long.MinValue, long.MaxValue, 1).Single().Id.Value;
        await Eventually.TrueAsync(
            () =>
            {
                var chunks = new List<StoredChunk>();
                backend.ReadChunks(new SeriesId(id), long.MinValue, long.MaxValue, chunks);
                return chunks.Count > 0;
            },
            "the samples are in chunks");
        LaneSession open = aggregator.Open(agent.Hello(), agent.Announce());
        open.Accept(new Batch { Epoch = 1, Entries = { agent.Frame(11, aggregator.Now + 11_000) } });
        await IngestHarness.AckedAsync(open, 11);
    }

    private async Task<(int ExitCode, string Output)> CheckAsync(params string[] arguments)
    {
        await using ChildProcess program = ChildProcess.Start(
            "hostaggregator", [Binary, "check", "--data", _directory.FullPath, .. arguments], _directory.File(Guid.NewGuid().ToString("N")));
        int exitCode = await program.WaitAsync(TimeSpan.FromSeconds(90));
        return (exitCode, program.Output);
    }

    private void FlipBit(string table, string row)
    {
        using var connection = new SqliteConnection($"Data Source={Store};Pooling=False");
        connection.Open();
        using SqliteCommand read = connection.CreateCommand();
        read.CommandText = $"SELECT body FROM {table} WHERE {row}";
        var body = (byte[])read.ExecuteScalar()!;
        body[^1] ^= 4;
        Run($"UPDATE {table} SET body = x'{Convert.ToHexString(body)}' WHERE {row}");
    }

    private void Run(string sql)
    {
        using var connection = new SqliteConnection($"Data Source={Store};Pooling=False");
        connection.Open();
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = sql;
        Assert.True(command.ExecuteNonQuery() > 0);
    }
}
