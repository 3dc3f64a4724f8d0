using System.Buffers;
using BenchmarkDotNet.Attributes;
using Google.Protobuf;
using HostAgent.Aggregator.Hosts;
using HostAgent.Aggregator.Ingest;
using HostAgent.Aggregator.Metrics;
using HostAgent.Aggregator.Storage;
using HostAgent.Aggregator.Storage.Memory;
using HostAgent.Protos.Frames;
using HostAgent.V1;

namespace HostAgent.Benchmarks;

/// <summary>A batch of one frame with 100 series, from the call to its acknowledgement, over the memory backend: everything but network and disk. On the backfill lane:
/// the live one takes no more frames than a real agent makes.</summary>
public class IngestBenchmark
{
    private const int Series = 100;

    private long _unixMs = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds() - (14 * 24 * 3_600_000L);
    private IngestPipeline? _pipeline;
    private LaneSession? _lane;
    private ByteString _body = ByteString.Empty;
    private ulong _sequence;

    /// <summary>Opens the lane and announces the series.</summary>
    [GlobalSetup]
    public void Setup()
    {
        var store = new SampleStore(new MemoryBackend());
        var hosts = new HostDirectory(store, new HostOptions(), TimeProvider.System);
        var options = new IngestOptions { CommitInterval = TimeSpan.Zero, Retention = null };
        _pipeline = new IngestPipeline(store, hosts, options, new MetricRegistry(), TimeProvider.System);
        _pipeline.Start();
        _lane = _pipeline.Open(new Hello { Protocol = 1, HostId = new string('a', 32), HostName = "web-1", AgentVersion = "1.0", BootId = "boot", Lane = Lane.Backfill, Epoch = 1 });
        var batch = new Batch { Epoch = 1, Reset = true };
        batch.Metrics.Add(new MetricDef { Id = 0, Name = "m_total", Help = "Help.", Type = MetricType.Counter, Multiplier = 1, Divisor = 1 });
        batch.Groups.Add(new GroupDef { Id = 0, Name = "g", IntervalMs = 1000 });
        var table = new FrameTable();
        table.DefineGroup(0);
        for (int i = 0; i < Series; i++)
        {
            batch.Series.Add(new SeriesDef { Id = (uint)i, Metric = 0, Group = 0, Labels = { new Label { Name = "device", Value = $"d{i}" } } });
            table.Define(i, 0, isFloat: false);
        }

        _lane.Accept(batch);
        var body = new ArrayBufferWriter<byte>();
        new FrameEncoder(table).Encode([.. Enumerable.Range(0, Series).Select(i => i * 1_000_003L)], [0], full: true, body);
        _body = ByteString.CopyFrom(body.WrittenSpan);
    }

    /// <summary>The batch.</summary>
    [Benchmark]
    public async Task AcceptBatch()
    {
        var frame = new Frame { Sequence = ++_sequence, TimeUnixMs = _unixMs += 100, Body = _body };
        _lane!.Accept(new Batch { Epoch = 1, Entries = { new Entry { Frame = frame } } });
        while ((await _lane.Acks.ReadAsync()).Sequence < _sequence)
        {
        }
    }

    /// <summary>Ends the pipeline.</summary>
    [GlobalCleanup]
    public async Task CleanupAsync() => await _pipeline!.DisposeAsync();
}
