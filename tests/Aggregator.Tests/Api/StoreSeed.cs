using HostAgent.Aggregator.Storage;
using HostAgent.Aggregator.Storage.Chunks;
using HostAgent.Aggregator.Storage.Memory;
using HostAgent.V1;

namespace HostAgent.Aggregator.Tests.Api;

/// <summary>A memory backend that already holds hosts, series and samples, as after a restart.</summary>
internal sealed class StoreSeed
{
    private readonly StorageTransaction _transaction = new();
    private long _nextSeries = 1;

    public MemoryBackend Build()
    {
        var backend = new MemoryBackend();
        backend.Commit(_transaction);
        return backend;
    }

    public StoreSeed Host(string id, string name, long lastSeenUnixMs)
    {
        _transaction.Hosts.Add(new HostRecord(id, name, LabelSet.From([new("rack", "r1")]), "0.1.0", "boot-1", 7, lastSeenUnixMs - 60_000, lastSeenUnixMs));
        return this;
    }

    public StoreSeed Account(string hostId, byte outcome, ulong first, ulong last, long firstUnixMs, long lastUnixMs)
    {
        _transaction.Account.Add(new AccountRecord(hostId, 7, outcome, first, last, firstUnixMs, lastUnixMs, (last - first + 1) * 10));
        return this;
    }

    public StoreSeed Metric(string name, MetricType type, string help)
    {
        _transaction.Metrics.Add(new MetricMetadata(name, type, help));
        return this;
    }

    public StoreSeed Series(string hostId, string metric, (string Name, string Value)[] labels, params (long UnixMs, double Value)[] samples)
    {
        var id = new SeriesId(_nextSeries++);
        LabelSet set = LabelSet.From(labels.Select(label => new LabelPair(label.Name, label.Value)).Append(new LabelPair("instance", hostId)));
        _transaction.Series.Add(new SeriesRecord(id, hostId, metric, set, samples[0].UnixMs, samples[^1].UnixMs));
        long[] times = [.. samples.Select(sample => sample.UnixMs)];
        long[] raw = [.. samples.Select(sample => BitConverter.DoubleToInt64Bits(sample.Value))];
        _transaction.Chunks.Add(new SealedChunk(id, times[0], times[^1], ChunkCodec.Encode(times, raw, ValueScale.Float)));
        return this;
    }
}
