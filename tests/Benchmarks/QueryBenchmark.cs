using BenchmarkDotNet.Attributes;
using HostAgent.Aggregator.Query;
using HostAgent.Aggregator.Storage;
using HostAgent.Aggregator.Storage.Chunks;
using HostAgent.Aggregator.Storage.Memory;

namespace HostAgent.Benchmarks;

/// <summary>An hour of 20 series at 1 s (72,000 samples) out of sealed chunks, as a rate per minute, as a graph asks for it.</summary>
public class QueryBenchmark
{
    private const int Seconds = 3600;
    private const long FromUnixMs = 1_700_000_000_000;

    private readonly Selector _selector = Selector.Parse("host_network_receive_bytes_total{device=~\"eth.*\"}");
    private QueryEngine? _engine;

    /// <summary>Fills the store.</summary>
    [GlobalSetup]
    public void Setup()
    {
        var random = new Random(1);
        var transaction = new StorageTransaction();
        for (int series = 1; series <= 40; series++)
        {
            LabelSet labels = LabelSet.From([new("device", (series % 2 == 0 ? "eth" : "lo") + series), new("host", "web-1")]);
            transaction.Series.Add(new SeriesRecord(new SeriesId(series), "h", "host_network_receive_bytes_total", labels, long.MaxValue, long.MinValue));
            long value = 0;
            for (int from = 0; from < Seconds; from += 600)
            {
                long[] times = [.. Enumerable.Range(from, 600).Select(second => FromUnixMs + (second * 1000L))];
                long[] raw = [.. times.Select(_ => value += random.Next(5000))];
                transaction.Chunks.Add(new SealedChunk(new SeriesId(series), times[0], times[^1], ChunkCodec.Encode(times, raw, ValueScale.Integer)));
            }
        }

        var backend = new MemoryBackend();
        backend.Commit(transaction);
        _engine = new QueryEngine(new SampleStore(backend), new QueryOptions());
    }

    /// <summary>The query.</summary>
    [Benchmark]
    public int RangeQuery()
    {
        var request = new RangeRequest(_selector, FromUnixMs, FromUnixMs + (Seconds * 1000L), 60_000, Aggregation.Rate);
        int points = _engine!.Range(request, CancellationToken.None).Sum(series => series.Points.Count);
        return points > 1000 ? points : throw new InvalidOperationException($"{points} points");
    }
}
