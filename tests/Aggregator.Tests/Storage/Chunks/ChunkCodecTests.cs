using HostAgent.Aggregator.Storage;
using HostAgent.Aggregator.Storage.Chunks;

namespace HostAgent.Aggregator.Tests.Storage.Chunks;

public sealed class ChunkCodecTests
{
    [Fact]
    public void A_series_that_stands_still_takes_a_few_bytes_in_all()
    {
        byte[] chunk = ChunkCodec.Encode(Every(1000, 240), Enumerable.Repeat(123_456_789L, 240).ToArray(), ValueScale.Integer);

        Assert.True(chunk.Length <= 32, $"{chunk.Length} bytes");
    }

    [Fact]
    public void A_counter_that_grows_evenly_takes_a_few_bytes_in_all()
    {
        long[] raw = [.. Enumerable.Range(0, 240).Select(static i => 1_000_000_000L + (i * 4096L))];

        byte[] chunk = ChunkCodec.Encode(Every(1000, 240), raw, ValueScale.Integer);

        Assert.True(chunk.Length <= 40, $"{chunk.Length} bytes");
        Assert.Equal(raw.Select(static r => (double)r), Decode(chunk).Values.ToArray());
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void What_goes_in_comes_out_bit_for_bit(int seed)
    {
        var random = new Random(seed);
        for (int round = 0; round < 300; round++)
        {
            int count = random.Next(1, 300);
            bool isFloat = random.Next(2) == 0;
            var scale = isFloat ? ValueScale.Float : new ValueScale((uint)random.Next(1, 1000), (uint)random.Next(1, 1_000_000), false);
            long[] times = Times(random, count);
            long[] raw = isFloat ? Floats(random, count) : Integers(random, count);
            bool endsStale = random.Next(4) == 0;
            raw = endsStale ? raw[..^1] : raw;

            SampleBuffer decoded = Decode(ChunkCodec.Encode(times, raw, scale));

            Assert.Equal(times, decoded.Times.ToArray());
            Assert.Equal(raw.Select(scale.ToValue).Select(BitConverter.DoubleToInt64Bits), decoded.Values[..raw.Length].ToArray().Select(BitConverter.DoubleToInt64Bits));
            Assert.Equal(endsStale, StaleMarker.Is(decoded.Values[^1]) && raw.Length < times.Length);
        }
    }

    [Fact]
    public void Only_the_samples_of_the_interval_come_out()
    {
        byte[] chunk = ChunkCodec.Encode(Every(1000, 10), [0, 1, 2, 3, 4, 5, 6, 7, 8, 9], ValueScale.Integer);
        var buffer = new SampleBuffer();

        Assert.True(ChunkCodec.TryDecode(chunk, 3000, 5999, buffer, out _));

        Assert.Equal([3000, 4000, 5000], buffer.Times.ToArray());
    }

    [Fact]
    public void Every_damaged_byte_is_noticed_and_nothing_of_the_chunk_is_given_out()
    {
        byte[] chunk = ChunkCodec.Encode(Every(1000, 50), Integers(new Random(5), 50), ValueScale.Integer);
        var buffer = new SampleBuffer();
        buffer.Add(1, 1);
        for (int i = 0; i < chunk.Length; i++)
        {
            byte[] damaged = [.. chunk];
            damaged[i] ^= 0x40;

            Assert.False(ChunkCodec.TryDecode(damaged, long.MinValue, long.MaxValue, buffer, out string? error));
            Assert.NotNull(error);
            Assert.Equal(1, buffer.Count);
        }
    }

    [Fact]
    public void Any_bytes_with_a_right_checksum_are_survived()
    {
        var random = new Random(6);
        var buffer = new SampleBuffer();
        byte[] good = ChunkCodec.Encode(Every(1000, 50), Integers(random, 50), ValueScale.Integer);
        int refused = 0;
        for (int round = 0; round < 20_000; round++)
        {
            byte[] bytes = [.. good[..random.Next(2, good.Length - 4)], 0, 0, 0, 0];
            for (int flips = random.Next(1, 4); flips > 0; flips--)
            {
                bytes[random.Next(1, bytes.Length - 4)] = (byte)random.Next(256);
            }

            BitConverter.TryWriteBytes(bytes.AsSpan(bytes.Length - 4), Crc32C.Of(bytes.AsSpan(0, bytes.Length - 4)));
            buffer.Clear();
            refused += ChunkCodec.TryDecode(bytes, long.MinValue, long.MaxValue, buffer, out _) ? 0 : 1;
        }

        Assert.InRange(refused, 1, 20_000);
    }

    [Fact]
    public void A_chunk_of_version_1_still_reads()
    {
        // Written by the first release: 3 samples of 0.25 steps and a stale marker.
        byte[] chunk = Convert.FromHexString("018004016480A0ABFEF962D00F000000643231D2D45386");

        SampleBuffer decoded = Decode(chunk);

        Assert.Equal([1_700_000_000_000, 1_700_000_001_000, 1_700_000_002_000, 1_700_000_003_000], decoded.Times.ToArray());
        Assert.Equal([0.5, 0.75, 0.5], decoded.Values[..3].ToArray());
        Assert.True(StaleMarker.Is(decoded.Values[3]));
    }

    private static SampleBuffer Decode(byte[] chunk)
    {
        var buffer = new SampleBuffer();
        Assert.True(ChunkCodec.TryDecode(chunk, long.MinValue, long.MaxValue, buffer, out string? error), error);
        return buffer;
    }

    private static long[] Every(long stepMs, int count) => [.. Enumerable.Range(0, count).Select(i => i * stepMs)];

    private static long[] Times(Random random, int count)
    {
        long time = random.NextInt64(-1_000_000_000_000, 2_000_000_000_000);
        return [.. Enumerable.Range(0, count).Select(_ => time += random.Next(5) == 0 ? random.Next(-5000, 50_000) : 1000)];
    }

    private static long[] Integers(Random random, int count)
    {
        long value = random.NextInt64();
        return [.. Enumerable.Range(0, count).Select(_ => value = unchecked(value + (random.Next(4) switch
        {
            0 => 0,
            1 => random.Next(100),
            2 => -random.Next(100_000),
            _ => random.Next(50) == 0 ? long.MinValue : 7,
        })))];
    }

    private static long[] Floats(Random random, int count)
    {
        double[] odd = [double.NaN, double.PositiveInfinity, double.NegativeInfinity, -0.0, double.Epsilon, double.MaxValue];
        bool decimals = random.Next(2) == 0;
        return [.. Enumerable.Range(0, count).Select(_ => BitConverter.DoubleToInt64Bits(
            decimals ? random.Next(-10_000, 10_000) / 100.0 : random.Next(10) == 0 ? odd[random.Next(odd.Length)] : random.NextDouble()))];
    }
}
