using System.Buffers;
using Google.Protobuf;
using Grpc.Core;
using Grpc.Net.Client;
using HostAgent.Protos.Frames;
using HostAgent.TestSupport.Trust;
using HostAgent.V1;

namespace HostAgent.EndToEnd.Tests.Chains;

/// <summary>Speaks the wire by hand, as wrongly as the test wants.</summary>
internal sealed class HostileAgent : IDisposable
{
    private readonly GrpcChannel _channel;
    private readonly AsyncDuplexStreamingCall<AgentMessage, AggregatorMessage> _call;
    private readonly FrameTable _table = new();

    public HostileAgent(Chain chain)
    {
        using TestAuthority authority = TestAuthority.Beside(chain.CaFile);
        _channel = GrpcChannel.ForAddress(chain.GrpcUrl, new GrpcChannelOptions { HttpHandler = authority.Handler(HostId), DisposeHttpClient = true });
        _call = new Telemetry.TelemetryClient(_channel).Stream();
    }

    /// <summary>Its identity.</summary>
    public string HostId { get; } = Guid.NewGuid().ToString("N");

    /// <summary>Says Hello as a good agent would, and waits for the Welcome.</summary>
    public async Task GreetAsync()
    {
        await _call.RequestStream.WriteAsync(new AgentMessage
        {
            Hello = new Hello
            {
                Protocol = 1,
                HostId = HostId,
                HostName = "hostile",
                AgentVersion = "0",
                BootId = "0",
                Lane = Lane.Live,
                Epoch = 1,
                SentUnixMs = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds(),
            },
        });
        Assert.True(await _call.ResponseStream.MoveNext(CancellationToken.None));
    }

    /// <summary>Announces a float metric, a group and so many series of it.</summary>
    public Task AnnounceAsync(int series)
    {
        var batch = new Batch { Epoch = 1, Reset = true };
        batch.Metrics.Add(new MetricDef { Id = 0, Name = "hostile_value", Help = "Anything.", Type = V1.MetricType.Gauge, Multiplier = 1, Divisor = 1, IsFloat = true });
        batch.Groups.Add(new GroupDef { Id = 0, Name = "hostile", IntervalMs = 1000 });
        _table.DefineGroup(0);
        batch.Series.AddRange(Series(0, series));
        return SendAsync(batch);
    }

    /// <summary>Series definitions with the ids from <paramref name="first"/> on.</summary>
    public IEnumerable<SeriesDef> Series(int first, int count)
    {
        for (int id = first; id < first + count; id++)
        {
            _table.Define(id, 0, isFloat: true);
            var definition = new SeriesDef { Id = (uint)id, Metric = 0, Group = 0 };
            definition.Labels.Add(new Label { Name = "number", Value = $"{id}" });
            yield return definition;
        }
    }

    /// <summary>A correct frame that gives every announced series <paramref name="value"/>.</summary>
    public Entry Frame(ulong sequence, long timeUnixMs, double value)
    {
        var body = new ArrayBufferWriter<byte>();
        long[] raw = new long[_table.Count];
        Array.Fill(raw, BitConverter.DoubleToInt64Bits(value));
        new FrameEncoder(_table).Encode(raw, [0], full: true, body);
        return new Entry { Frame = new Frame { Sequence = sequence, TimeUnixMs = timeUnixMs, Body = ByteString.CopyFrom(body.WrittenSpan) } };
    }

    /// <summary>Sends a batch; a call that has ended is left for <see cref="StatusAsync"/> to say.</summary>
    public async Task SendAsync(Batch batch)
    {
        try
        {
            await _call.RequestStream.WriteAsync(new AgentMessage { Batch = batch });
        }
        catch (Exception e) when (e is RpcException or InvalidOperationException or IOException or OperationCanceledException)
        {
            HasEnded = true;
        }
    }

    /// <summary>Sends one entry.</summary>
    public Task SendAsync(Entry entry) => SendAsync(new Batch { Epoch = 1, Entries = { entry } });

    /// <summary>Whether the aggregator has ended the call.</summary>
    public bool HasEnded { get; private set; }

    /// <summary>Waits for the next acknowledgement.</summary>
    public async Task<Ack> AckAsync()
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(10));
        Assert.True(await _call.ResponseStream.MoveNext(limit.Token));
        return _call.ResponseStream.Current.Ack;
    }

    /// <summary>How the aggregator ends the call; acknowledgements before that are read over.</summary>
    public async Task<Status> StatusAsync()
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        try
        {
            while (await _call.ResponseStream.MoveNext(limit.Token))
            {
            }

            return _call.GetStatus();
        }
        catch (RpcException e)
        {
            return e.Status;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _call.Dispose();
        _channel.Dispose();
    }
}
