using BenchmarkDotNet.Attributes;
using HostAgent.Aggregator.Storage;
using HostAgent.Aggregator.Storage.Chunks;

namespace HostAgent.Benchmarks;

/// <summary>A chunk of ten minutes of one series at 1 s: a counter that moves irregularly.</summary>
public class ChunkBenchmark
{
    private const int Samples = 600;

    private readonly long[] _times = new long[Samples];
    private readonly long[] _raw = new long[Samples];
    private readonly SampleBuffer _buffer = new(Samples);
    private byte[] _chunk = [];

    /// <summary>Makes the samples.</summary>
    [GlobalSetup]
    public void Setup()
    {
        var random = new Random(1);
        for (int i = 1; i < Samples; i++)
        {
            _times[i] = _times[i - 1] + 1000;
            _raw[i] = _raw[i - 1] + random.Next(5000);
        }

        _chunk = EncodeChunk();
    }

    /// <summary>Samples to bytes.</summary>
    [Benchmark]
    public byte[] EncodeChunk() => ChunkCodec.Encode(_times, _raw, ValueScale.Integer);

    /// <summary>Bytes to samples.</summary>
    [Benchmark]
    public int DecodeChunk()
    {
        _buffer.Clear();
        return ChunkCodec.TryDecode(_chunk, long.MinValue, long.MaxValue, _buffer, out string? error) ? _buffer.Count : throw new InvalidDataException(error);
    }
}
