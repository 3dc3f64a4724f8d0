using System.Buffers;
using Google.Protobuf;
using HostAgent.Protos.Frames;
using HostAgent.V1;

namespace HostAgent.Aggregator.Tests.Ingest;

/// <summary>Encodes what an agent would send: metrics "m0".."m9" of which each series is one device, one group, values by the test.</summary>
internal sealed class TestAgent
{
    private readonly ArrayBufferWriter<byte> _body = new();
    private FrameTable _table = new();

    public TestAgent(string id = "0123456789abcdef0123456789abcdef", string name = "web-1", ulong epoch = 1, int series = 3)
        => (HostId, HostName, Epoch, Values) = (id, name, epoch, new long[series]);

    public string HostId { get; }

    public string HostName { get; }

    public ulong Epoch { get; set; }

    public long[] Values { get; set; }

    public Hello Hello(Lane lane = Lane.Live, long sentUnixMs = 0) => new()
    {
        Protocol = 1,
        HostId = HostId,
        HostName = HostName,
        AgentVersion = "1.0",
        BootId = "boot",
        Lane = lane,
        Epoch = Epoch,
        SentUnixMs = sentUnixMs,
        Labels = { new Label { Name = "site", Value = "north" } },
    };

    /// <summary>Announces everything anew; the frames that follow begin from nothing.</summary>
    public Batch Announce(bool isFloat = false)
    {
        _table = new FrameTable();
        _table.DefineGroup(0);
        var batch = new Batch { Epoch = Epoch, Reset = true };
        batch.Metrics.Add(new MetricDef { Id = 0, Name = "m_total", Help = "Help.", Type = MetricType.Counter, Multiplier = 1, Divisor = 1, IsFloat = isFloat });
        batch.Groups.Add(new GroupDef { Id = 0, Name = "g", IntervalMs = 1000 });
        for (int i = 0; i < Values.Length; i++)
        {
            batch.Series.Add(new SeriesDef { Id = (uint)i, Metric = 0, Group = 0, Labels = { new Label { Name = "device", Value = $"d{i}" } } });
            _table.Define(i, 0, isFloat);
        }

        return batch;
    }

    /// <summary>A frame of the present <see cref="Values"/>.</summary>
    public Entry Frame(ulong sequence, long timeUnixMs)
    {
        _body.ResetWrittenCount();
        new FrameEncoder(_table).Encode(Values, [0], full: false, _body);
        return new Entry { Frame = new Frame { Sequence = sequence, TimeUnixMs = timeUnixMs, Body = ByteString.CopyFrom(_body.WrittenSpan) } };
    }

    /// <summary>Brings in one more series, of this device.</summary>
    public Batch Add(string device)
    {
        int id = Values.Length;
        Values = [.. Values, 0];
        _table.Define(id, 0, false);
        return new Batch
        {
            Epoch = Epoch,
            Series = { new SeriesDef { Id = (uint)id, Metric = 0, Group = 0, Labels = { new Label { Name = "device", Value = device } } } },
        };
    }

    /// <summary>Ends a series from the next frame on.</summary>
    public Batch End(int series)
    {
        _table.End(series);
        return new Batch { Epoch = Epoch, EndedSeries = { (uint)series } };
    }
}
