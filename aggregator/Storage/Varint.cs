namespace HostAgent.Aggregator.Storage;

/// <summary>Base-128 varints (least significant group first, at most 10 bytes) and the two maps that make small changes short ones.</summary>
internal static class Varint
{
    /// <summary>Most bytes that one takes.</summary>
    public const int MaxBytes = 10;

    /// <summary>Writes at <paramref name="at"/> and moves it on; the caller has made room for <see cref="MaxBytes"/>.</summary>
    public static void Write(Span<byte> bytes, ref int at, ulong value)
    {
        while (value >= 0x80)
        {
            bytes[at++] = (byte)(value | 0x80);
            value >>= 7;
        }

        bytes[at++] = (byte)value;
    }

    /// <summary>False when it runs past the end or over 64 bits; then <paramref name="at"/> is not to be used.</summary>
    public static bool TryRead(ReadOnlySpan<byte> bytes, ref int at, out ulong value)
    {
        value = 0;
        for (int shift = 0; shift < 70 && (uint)at < (uint)bytes.Length; shift += 7)
        {
            byte part = bytes[at++];
            if (shift == 63 && part > 1)
            {
                return false;
            }

            value |= (ulong)(part & 0x7F) << shift;
            if (part < 0x80)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Small numbers of either sign become small unsigned ones.</summary>
    public static ulong ZigZag(long value) => (ulong)((value << 1) ^ (value >> 63));

    /// <summary>Undoes <see cref="ZigZag"/>.</summary>
    public static long UnZigZag(ulong value) => (long)(value >> 1) ^ -(long)(value & 1);

    /// <summary>The lowest bit becomes the highest: doubles that differ little differ in their high bits. Its own inverse.</summary>
    public static ulong ReverseBits(ulong value)
    {
        value = ((value >> 1) & 0x5555555555555555) | ((value & 0x5555555555555555) << 1);
        value = ((value >> 2) & 0x3333333333333333) | ((value & 0x3333333333333333) << 2);
        value = ((value >> 4) & 0x0F0F0F0F0F0F0F0F) | ((value & 0x0F0F0F0F0F0F0F0F) << 4);
        return System.Buffers.Binary.BinaryPrimitives.ReverseEndianness(value);
    }

    /// <summary>What turns <paramref name="from"/> into <paramref name="to"/>, short when they are alike.</summary>
    public static ulong Difference(long from, long to, bool isFloat)
        => isFloat ? ReverseBits((ulong)(from ^ to)) : ZigZag(unchecked(to - from));

    /// <summary>Undoes <see cref="Difference"/>.</summary>
    public static long Apply(long from, ulong difference, bool isFloat)
        => isFloat ? from ^ (long)ReverseBits(difference) : unchecked(from + UnZigZag(difference));
}
