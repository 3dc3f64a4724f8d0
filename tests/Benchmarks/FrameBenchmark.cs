using System.Buffers;
using BenchmarkDotNet.Attributes;
using HostAgent.Protos.Frames;

namespace HostAgent.Benchmarks;

/// <summary>Frames of 400 series of which every fourth has moved since the frame before, as on a host that does something.</summary>
public class FrameBenchmark
{
    private const int Series = 400;

    private static readonly int[] Groups = [0];

    private readonly ArrayBufferWriter<byte> _output = new(16 * 1024);
    private readonly long[] _still = new long[Series];
    private readonly long[] _moved = new long[Series];
    private readonly FrameEncoder _encoder = new(Table());
    private readonly FrameDecoder _decoder = new(Table());
    private byte[] _there = [];
    private byte[] _back = [];

    /// <summary>Two frames that lead from one state to the other and back, so that they can be decoded again and again.</summary>
    [GlobalSetup]
    public void Setup()
    {
        var random = new Random(1);
        for (int i = 0; i < Series; i++)
        {
            _still[i] = random.NextInt64(1L << 40);
            _moved[i] = _still[i] + (i % 4 == 0 ? random.Next(1, 5000) : 0);
        }

        byte[] full = Encode(_still, full: true);
        (_there, _back) = (Encode(_moved, full: false), Encode(_still, full: false));
        Read(full);
    }

    /// <summary>Encodes the way there and back.</summary>
    [Benchmark(OperationsPerInvoke = 2)]
    public int EncodeFrame()
    {
        _output.ResetWrittenCount();
        _encoder.Encode(_moved, Groups, full: false, _output);
        _encoder.Encode(_still, Groups, full: false, _output);
        return _output.WrittenCount;
    }

    /// <summary>Decodes the way there and back.</summary>
    [Benchmark(OperationsPerInvoke = 2)]
    public long DecodeFrame() => Read(_there) + Read(_back);

    private byte[] Encode(long[] values, bool full)
    {
        _output.ResetWrittenCount();
        _encoder.Encode(values, Groups, full, _output);
        return _output.WrittenSpan.ToArray();
    }

    private long Read(byte[] body)
    {
        long sum = 0;
        foreach ((_, long value) in _decoder.Decode(body))
        {
            sum = unchecked(sum + value);
        }

        return sum;
    }

    private static FrameTable Table()
    {
        var table = new FrameTable();
        table.DefineGroup(0);
        for (int i = 0; i < Series; i++)
        {
            table.Define(i, 0, isFloat: false);
        }

        return table;
    }
}
