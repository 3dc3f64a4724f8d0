using System.Buffers;
using System.Buffers.Binary;

namespace HostAgent.Aggregator.Storage.Chunks;

/// <summary>Writes and reads chunks: the samples of one series over some minutes as a few hundred bytes (FORMAT.md). Values stay exact. The
/// reader survives any bytes.</summary>
internal static class ChunkCodec
{
    /// <summary>Most samples in a chunk.</summary>
    public const int MaxSamples = 65_536;

    internal const byte Version = 1;
    internal const byte EndsStaleFlag = 0x80;
    internal const byte EncodingMask = 0x0F;
    private const int ChecksumBytes = 4;
    private const int HeadBytes = 2 + (4 * Varint.MaxBytes);

    /// <summary>Encodes samples in the order given.</summary>
    /// <param name="times">Unix milliseconds; one more than values when the series ends with a stale marker at the last time.</param>
    /// <param name="raw">Raw values.</param>
    /// <param name="scale">What the raw values mean.</param>
    public static byte[] Encode(ReadOnlySpan<long> times, ReadOnlySpan<long> raw, ValueScale scale)
    {
        bool endsStale = times.Length == raw.Length + 1;
        if (times.IsEmpty || times.Length > MaxSamples || (times.Length != raw.Length && !endsStale))
        {
            throw new ArgumentException($"{times.Length} times and {raw.Length} values make no chunk", nameof(times));
        }

        byte[] output = ArrayPool<byte>.Shared.Rent(HeadBytes + (2 * ResidualWriter.MaxBytes(times.Length)) + ChecksumBytes);
        long[]? decimals = scale.IsFloat ? ArrayPool<long>.Shared.Rent(raw.Length) : null;
        try
        {
            if (decimals is not null && DecimalValues.TryConvert(raw, decimals, out uint divisor))
            {
                raw = decimals.AsSpan(0, raw.Length);
                scale = new ValueScale(1, divisor, false);
            }

            int at = Write(output, times, raw, scale, endsStale);
            BinaryPrimitives.WriteUInt32LittleEndian(output.AsSpan(at), Crc32C.Of(output.AsSpan(0, at)));
            return output[..(at + ChecksumBytes)];
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(output);
            if (decimals is not null)
            {
                ArrayPool<long>.Shared.Return(decimals);
            }
        }
    }

    /// <summary>Appends the samples of the closed interval to <paramref name="into"/>, in the order they were encoded. False, with nothing
    /// appended and the reason in <paramref name="error"/>, when the bytes are no whole chunk.</summary>
    public static bool TryDecode(ReadOnlySpan<byte> chunk, long fromUnixMs, long toUnixMs, SampleBuffer into, out string? error)
    {
        int before = into.Count;
        error = Decode(chunk, fromUnixMs, toUnixMs, into);
        if (error is null)
        {
            return true;
        }

        into.Truncate(before);
        return false;
    }

    private static int Write(Span<byte> output, ReadOnlySpan<long> times, ReadOnlySpan<long> raw, ValueScale scale, bool endsStale)
    {
        ValueEncoding encoding = scale.IsFloat ? ValueEncoding.Xor : ValueEncoding.Delta;
        if (!scale.IsFloat && ValueCost(raw, ValueEncoding.DeltaOfDelta) < ValueCost(raw, ValueEncoding.Delta))
        {
            encoding = ValueEncoding.DeltaOfDelta;
        }

        output[0] = Version;
        output[1] = (byte)((int)encoding | (endsStale ? EndsStaleFlag : 0));
        int at = 2;
        Varint.Write(output, ref at, (ulong)times.Length);
        Varint.Write(output, ref at, scale.Multiplier);
        Varint.Write(output, ref at, scale.Divisor);
        Varint.Write(output, ref at, Varint.ZigZag(times[0]));
        var writer = new ResidualWriter(output[at..]);
        long step = 0;
        for (int i = 1; i < times.Length; i++)
        {
            long next = unchecked(times[i] - times[i - 1]);
            writer.Add(Varint.ZigZag(unchecked(next - step)));
            step = next;
        }

        at += writer.Finish();
        return at + WriteValues(output[at..], raw, encoding);
    }

    private static int WriteValues(Span<byte> output, ReadOnlySpan<long> raw, ValueEncoding encoding)
    {
        var writer = new ResidualWriter(output);
        long last = 0;
        long step = 0;
        foreach (long value in raw)
        {
            switch (encoding)
            {
                case ValueEncoding.Delta:
                    writer.Add(Varint.ZigZag(unchecked(value - last)));
                    break;
                case ValueEncoding.DeltaOfDelta:
                    long next = unchecked(value - last);
                    writer.Add(Varint.ZigZag(unchecked(next - step)));
                    step = next;
                    break;
                default:
                    writer.Add(Varint.Difference(last, value, isFloat: true));
                    break;
            }

            last = value;
        }

        return writer.Finish();
    }

    private static int ValueCost(ReadOnlySpan<long> raw, ValueEncoding encoding)
    {
        byte[] scratch = ArrayPool<byte>.Shared.Rent(ResidualWriter.MaxBytes(raw.Length));
        int cost = WriteValues(scratch, raw, encoding);
        ArrayPool<byte>.Shared.Return(scratch);
        return cost;
    }

    private static string? Decode(ReadOnlySpan<byte> chunk, long fromUnixMs, long toUnixMs, SampleBuffer into)
    {
        if (chunk.Length < 2 + ChecksumBytes)
        {
            return $"a chunk of {chunk.Length} bytes is too short";
        }

        ReadOnlySpan<byte> body = chunk[..^ChecksumBytes];
        if (BinaryPrimitives.ReadUInt32LittleEndian(chunk[body.Length..]) != Crc32C.Of(body))
        {
            return "the checksum does not match";
        }

        if (body[0] != Version)
        {
            return $"chunk version {body[0]} is not known, {Version} is";
        }

        var encoding = (ValueEncoding)(body[1] & EncodingMask);
        if (encoding > ValueEncoding.Xor || (body[1] & ~(EncodingMask | EndsStaleFlag)) != 0)
        {
            return $"unknown flags 0x{body[1]:x2}";
        }

        int at = 2;
        if (!Varint.TryRead(body, ref at, out ulong count) || count is 0 or > MaxSamples
            || !Varint.TryRead(body, ref at, out ulong multiplier) || multiplier is 0 or > uint.MaxValue
            || !Varint.TryRead(body, ref at, out ulong divisor) || divisor is 0 or > uint.MaxValue
            || !Varint.TryRead(body, ref at, out ulong first))
        {
            return "the head is damaged";
        }

        long[] times = ArrayPool<long>.Shared.Rent((int)count);
        try
        {
            at = ReadTimes(body, at, Varint.UnZigZag(first), times.AsSpan(0, (int)count));
            if (at < 0)
            {
                return "the times are damaged";
            }

            var scale = new ValueScale((uint)multiplier, (uint)divisor, encoding == ValueEncoding.Xor);
            bool endsStale = (body[1] & EndsStaleFlag) != 0;
            at = ReadValues(body, at, times.AsSpan(0, (int)count - (endsStale ? 1 : 0)), encoding, scale, fromUnixMs, toUnixMs, into);
            if (endsStale && times[count - 1] >= fromUnixMs && times[count - 1] <= toUnixMs)
            {
                into.Add(times[count - 1], StaleMarker.Value);
            }

            return at == body.Length ? null : "the values are damaged";
        }
        finally
        {
            ArrayPool<long>.Shared.Return(times);
        }
    }

    private static int ReadTimes(ReadOnlySpan<byte> body, int at, long first, Span<long> times)
    {
        var reader = new ResidualReader(body, at);
        long step = 0;
        times[0] = first;
        for (int i = 1; i < times.Length; i++)
        {
            if (!reader.TryRead(out ulong residual))
            {
                return -1;
            }

            step = unchecked(step + Varint.UnZigZag(residual));
            times[i] = unchecked(times[i - 1] + step);
        }

        return reader.HasMore ? -1 : reader.At;
    }

    private static int ReadValues(
        ReadOnlySpan<byte> body, int at, ReadOnlySpan<long> times, ValueEncoding encoding, ValueScale scale, long from, long to, SampleBuffer into)
    {
        var reader = new ResidualReader(body, at);
        long last = 0;
        long step = 0;
        foreach (long time in times)
        {
            if (!reader.TryRead(out ulong residual))
            {
                return -1;
            }

            switch (encoding)
            {
                case ValueEncoding.Delta:
                    last = unchecked(last + Varint.UnZigZag(residual));
                    break;
                case ValueEncoding.DeltaOfDelta:
                    step = unchecked(step + Varint.UnZigZag(residual));
                    last = unchecked(last + step);
                    break;
                default:
                    last = Varint.Apply(last, residual, isFloat: true);
                    break;
            }

            if (time >= from && time <= to)
            {
                into.Add(time, scale.ToValue(last));
            }
        }

        return reader.HasMore ? -1 : reader.At;
    }
}
