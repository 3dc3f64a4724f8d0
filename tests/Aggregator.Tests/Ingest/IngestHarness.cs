using HostAgent.Aggregator.Hosts;
using HostAgent.Aggregator.Ingest;
using HostAgent.Aggregator.Metrics;
using HostAgent.Aggregator.Storage;
using HostAgent.TestSupport;
using HostAgent.V1;
using MatchType = HostAgent.Aggregator.Storage.MatchType;

namespace HostAgent.Aggregator.Tests.Ingest;

/// <summary>An aggregator without its network: store, hosts and ingest over a backend.</summary>
internal sealed class IngestHarness : IAsyncDisposable
{
    public static readonly DateTimeOffset Start = new(2026, 3, 4, 5, 0, 0, TimeSpan.Zero);

    /// <param name="backend">Where samples go.</param>
    /// <param name="options">Limits; commits are never delayed here.</param>
    /// <param name="time">The aggregator's clock.</param>
    /// <param name="retention">How long samples are kept; null for ever.</param>
    public IngestHarness(IStorageBackend backend, IngestOptions? options = null, FakeTime? time = null, TimeSpan? retention = null)
    {
        Time = time ?? new FakeTime(Start);
        Store = new SampleStore(backend);
        Hosts = new HostDirectory(Store, new HostOptions(), Time);
        Pipeline = new IngestPipeline(
            Store, Hosts, (options ?? new IngestOptions()) with { CommitInterval = TimeSpan.Zero, Retention = retention }, new MetricRegistry(), Time);
        Pipeline.Start();
    }

    public FakeTime Time { get; }

    public SampleStore Store { get; }

    public HostDirectory Hosts { get; }

    public IngestPipeline Pipeline { get; }

    public long Now => Time.GetUtcNow().ToUnixTimeMilliseconds();

    /// <summary>Opens a lane and sends the batch.</summary>
    public LaneSession Open(Hello hello, params Batch[] batches)
    {
        LaneSession lane = Pipeline.Open(hello);
        foreach (Batch batch in batches)
        {
            lane.Accept(batch);
        }

        return lane;
    }

    /// <summary>Waits for the ack of a sequence.</summary>
    public static async Task AckedAsync(LaneSession lane, ulong sequence)
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        while ((await lane.Acks.ReadAsync(deadline.Token)).Sequence < sequence)
        {
        }
    }

    /// <summary>All samples of the series of one device.</summary>
    public (long Time, double Value)[] Samples(string device, string host = "web-1")
    {
        SeriesInfo? series = Store.Select(
            [new("device", MatchType.Equal, device), new("host", MatchType.Equal, host)], long.MinValue, long.MaxValue, 10).SingleOrDefault();
        if (series is null)
        {
            return [];
        }

        var buffer = new SampleBuffer();
        Store.Read(series.Id, long.MinValue, long.MaxValue, buffer);
        return [.. buffer.Times.ToArray().Zip(buffer.Values.ToArray())];
    }

    public HostAccount Account(TestAgent agent) => Hosts.Account(agent.HostId, long.MinValue, long.MaxValue);

    /// <summary>Stops without a word to the store, as kill -9 would: what is not committed is gone.</summary>
    public async ValueTask DisposeAsync() => await Pipeline.DisposeAsync();
}
