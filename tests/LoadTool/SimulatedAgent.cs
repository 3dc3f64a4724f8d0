using System.Buffers;
using System.Diagnostics;
using Google.Protobuf;
using Grpc.Core;
using HostAgent.Protos.Frames;
using HostAgent.V1;

namespace HostAgent.LoadTool;

/// <summary>One agent: a stream of its own, counters and gauges of which a share changes from frame to frame.</summary>
internal sealed class SimulatedAgent(int index, LoadOptions options, LoadCounters counters)
{
    private const int Kept = 4096;

    private readonly Random _random = new(index);
    private readonly long[] _sentAt = new long[Kept];
    private readonly long[] _raw = new long[options.Series];
    private readonly ulong _epoch = (ulong)DateTimeOffset.UtcNow.ToUnixTimeMilliseconds();
    private ulong _sequence;
    private ulong _acked;

    /// <summary>Identity of the simulated agent of this number.</summary>
    public static string HostIdOf(int index) => $"10ad{index:x28}";

    public async Task RunAsync(Telemetry.TelemetryClient client, TimeSpan delay, CancellationToken stop)
    {
        try
        {
            await Task.Delay(delay, stop);
            using AsyncDuplexStreamingCall<AgentMessage, AggregatorMessage> call = client.Stream(cancellationToken: stop);
            await call.RequestStream.WriteAsync(new AgentMessage { Hello = Hello() }, stop);
            if (!await call.ResponseStream.MoveNext(stop) || call.ResponseStream.Current.KindCase != AggregatorMessage.KindOneofCase.Welcome)
            {
                throw new InvalidOperationException("no Welcome");
            }

            Task reading = ReadAsync(call.ResponseStream, stop);
            await SendAsync(call.RequestStream, stop);
            await reading;
        }
        catch (Exception e) when (stop.IsCancellationRequested && e is OperationCanceledException or RpcException { StatusCode: StatusCode.Cancelled })
        {
            // The load is over.
        }
        catch (Exception e) when (e is RpcException or InvalidOperationException)
        {
            Interlocked.Increment(ref counters.Failures);
            counters.LastFailure = e.Message;
        }
    }

    private async Task SendAsync(IClientStreamWriter<AgentMessage> stream, CancellationToken stop)
    {
        var table = new FrameTable();
        var encoder = new FrameEncoder(table);
        var body = new ArrayBufferWriter<byte>();
        Batch announcements = Announce(table);
        long next = Stopwatch.GetTimestamp();
        while (!stop.IsCancellationRequested)
        {
            Advance();
            body.ResetWrittenCount();
            encoder.Encode(_raw, [0], full: _sequence == 0, body);
            Batch batch = _sequence == 0 ? announcements : new Batch { Epoch = _epoch };
            batch.Entries.Add(new Entry
            {
                Frame = new Frame { Sequence = ++_sequence, TimeUnixMs = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds(), Body = ByteString.CopyFrom(body.WrittenSpan) },
            });
            Volatile.Write(ref _sentAt[_sequence % Kept], Stopwatch.GetTimestamp());
            Interlocked.Increment(ref counters.InFlight);
            await stream.WriteAsync(new AgentMessage { Batch = batch }, stop);
            Interlocked.Increment(ref counters.SentFrames);
            Interlocked.Add(ref counters.SentBytes, body.WrittenCount);

            long interval = Volatile.Read(ref counters.IntervalTicks);
            next += interval;
            TimeSpan wait = Stopwatch.GetElapsedTime(Stopwatch.GetTimestamp(), next);
            if (wait > TimeSpan.Zero)
            {
                await Task.Delay(wait, stop);
            }
            else if (wait < TimeSpan.FromSeconds(-1))
            {
                next = Stopwatch.GetTimestamp(); // too slow for the rate: what was missed is not made up for
            }
        }
    }

    private async Task ReadAsync(IAsyncStreamReader<AggregatorMessage> stream, CancellationToken stop)
    {
        while (await stream.MoveNext(stop))
        {
            long now = Stopwatch.GetTimestamp();
            ulong acked = stream.Current.Ack.Sequence;
            Interlocked.Add(ref counters.AckedFrames, (long)(acked - _acked));
            Interlocked.Add(ref counters.InFlight, -(long)(acked - _acked));
            for (; _acked < acked; _acked++)
            {
                counters.Latency.Add(Stopwatch.GetElapsedTime(Volatile.Read(ref _sentAt[(_acked + 1) % Kept]), now));
            }
        }
    }

    private Hello Hello() => new()
    {
        Protocol = 1,
        HostId = HostIdOf(index),
        HostName = $"load-{index:0000}",
        AgentVersion = "load tool",
        BootId = "00000000-0000-0000-0000-000000000000",
        Lane = Lane.Live,
        Epoch = _epoch,
        SentUnixMs = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds(),
    };

    private Batch Announce(FrameTable table)
    {
        var batch = new Batch { Epoch = _epoch, Reset = true };
        batch.Metrics.Add(new MetricDef { Id = 0, Name = "load_bytes_total", Help = "A simulated counter.", Type = MetricType.Counter, Multiplier = 1, Divisor = 1 });
        batch.Metrics.Add(new MetricDef { Id = 1, Name = "load_seconds_total", Help = "A simulated counter of time.", Type = MetricType.Counter, Multiplier = 1, Divisor = 100 });
        batch.Metrics.Add(new MetricDef { Id = 2, Name = "load_used_bytes", Help = "A simulated gauge.", Type = MetricType.Gauge, Multiplier = 1024, Divisor = 1 });
        batch.Groups.Add(new GroupDef { Id = 0, Name = "load", IntervalMs = (uint)options.Interval.TotalMilliseconds });
        table.DefineGroup(0);
        for (int i = 0; i < options.Series; i++)
        {
            var series = new SeriesDef { Id = (uint)i, Metric = (uint)(i % 3), Group = 0 };
            series.Labels.Add(new Label { Name = "device", Value = $"dev{i / 3}" });
            batch.Series.Add(series);
            table.Define(i, 0, isFloat: false);
            _raw[i] = _random.NextInt64(1L << 32);
        }

        return batch;
    }

    // Counters of bytes jump by thousands, counters of time tick on by a few hundredths, gauges wander.
    private void Advance()
    {
        for (int i = 0; i < _raw.Length; i++)
        {
            if (_random.NextDouble() < options.Changing)
            {
                _raw[i] += (i % 3) switch
                {
                    0 => _random.Next(100_000),
                    1 => _random.Next(1, 100),
                    _ => _random.Next(-2000, 2000),
                };
            }
        }
    }
}
