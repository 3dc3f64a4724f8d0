using System.Buffers.Binary;
using HostAgent.Aggregator.Storage;
using HostAgent.Aggregator.Storage.Chunks;

namespace HostAgent.Fuzz.Targets;

/// <summary>Chunks as a damaged disk could give them back. The checksum is put right, so that the decoder behind it is reached.</summary>
internal sealed class ChunkBytes : FuzzTarget
{
    public override string Name => "chunk";

    public override IEnumerable<byte[]> Seeds()
    {
        var random = new Random(2);
        for (int i = 0; i < 12; i++)
        {
            int count = random.Next(1, 100);
            long[] times = [.. Enumerable.Range(0, count).Select(n => 1_700_000_000_000 + (n * 1000L) + random.Next(3))];
            long[] raw = [.. times.Select(_ => i % 3 == 0 ? BitConverter.DoubleToInt64Bits(random.NextDouble()) : random.NextInt64(1L << (i * 4)))];
            yield return ChunkCodec.Encode(times, i % 4 == 3 ? raw[..^1] : raw, i % 3 == 0 ? ValueScale.Float : ValueScale.Integer);
        }
    }

    public override bool Run(byte[] input)
    {
        if (input.Length >= 4)
        {
            BinaryPrimitives.WriteUInt32LittleEndian(input.AsSpan(input.Length - 4), Crc32C.Of(input.AsSpan(0, input.Length - 4)));
        }

        var into = new SampleBuffer();
        bool whole = ChunkCodec.TryDecode(input, long.MinValue, long.MaxValue, into, out string? error);
        return whole == (error is null) && whole == into.Count > 0
            ? whole
            : throw new InvalidOperationException($"{into.Count} samples and error \"{error}\"");
    }
}
