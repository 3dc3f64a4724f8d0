using System.Numerics;

namespace HostAgent.Protos.Frames;

/// <summary>Base-128 varints, least significant group first, and the two ways in which FORMAT.md turns a change of a value into one.</summary>
internal static class Varint
{
    /// <summary>Writes at <paramref name="at"/>, which the caller has made room for, and returns the position after it.</summary>
    public static int Write(Span<byte> bytes, int at, ulong value)
    {
        while (value >= 0x80)
        {
            bytes[at++] = (byte)(value | 0x80);
            value >>= 7;
        }

        bytes[at++] = (byte)value;
        return at;
    }

    /// <exception cref="FrameFormatException">It runs past the end or over 64 bits.</exception>
    public static ulong Read(ReadOnlySpan<byte> bytes, ref int at)
    {
        if ((uint)at < (uint)bytes.Length && bytes[at] < 0x80)
        {
            return bytes[at++];
        }

        var start = at;
        ulong value = 0;
        for (var shift = 0; shift < 70; shift += 7)
        {
            if ((uint)at >= (uint)bytes.Length)
            {
                throw new FrameFormatException("a number runs past the end of the frame body", start);
            }

            var part = bytes[at++];
            if (shift == 63 && part > 1)
            {
                break;
            }

            value |= (ulong)(part & 0x7F) << shift;
            if (part < 0x80)
            {
                return value;
            }
        }

        throw new FrameFormatException("a number has more than 64 bits", start);
    }

    public static ulong ZigZag(long value) => (ulong)((value << 1) ^ (value >> 63));

    public static long UnZigZag(ulong value) => (long)(value >> 1) ^ -(long)(value & 1);

    /// <summary>The lowest bit becomes the highest: what changes in a double sits high, what is short in a varint sits low.</summary>
    public static ulong Reverse(ulong value)
    {
        value = ((value >> 1) & 0x5555555555555555) | ((value & 0x5555555555555555) << 1);
        value = ((value >> 2) & 0x3333333333333333) | ((value & 0x3333333333333333) << 2);
        value = ((value >> 4) & 0x0F0F0F0F0F0F0F0F) | ((value & 0x0F0F0F0F0F0F0F0F) << 4);
        return System.Buffers.Binary.BinaryPrimitives.ReverseEndianness(value);
    }

    /// <summary>Bytes that <see cref="Write"/> takes for a value.</summary>
    public static int Length(ulong value) => (BitOperations.Log2(value | 1) / 7) + 1;
}
