using System.Buffers.Binary;

namespace HostAgent.Agent.Spool;

/// <summary>The first 64 bytes of a segment (FORMAT.md).</summary>
/// <param name="Epoch">Of all frames in it.</param>
/// <param name="First">First sequence.</param>
/// <param name="Last">Last sequence; 0 while the segment is not closed.</param>
/// <param name="FirstUnixMs">Time of the first frame.</param>
/// <param name="LastUnixMs">Time of the last frame.</param>
/// <param name="Samples">In all frames.</param>
internal readonly record struct SegmentHeader(ulong Epoch, ulong First, ulong Last, long FirstUnixMs, long LastUnixMs, ulong Samples)
{
    public const int Length = 64;
    public const uint Version = 1;

    private static ReadOnlySpan<byte> Magic => "HASPOOL\0"u8;

    public void Write(Span<byte> bytes)
    {
        bytes = bytes[..Length];
        bytes.Clear();
        Magic.CopyTo(bytes);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes[8..], Version);
        BinaryPrimitives.WriteUInt64LittleEndian(bytes[16..], Epoch);
        BinaryPrimitives.WriteUInt64LittleEndian(bytes[24..], First);
        BinaryPrimitives.WriteUInt64LittleEndian(bytes[32..], Last);
        BinaryPrimitives.WriteInt64LittleEndian(bytes[40..], FirstUnixMs);
        BinaryPrimitives.WriteInt64LittleEndian(bytes[48..], LastUnixMs);
        BinaryPrimitives.WriteUInt64LittleEndian(bytes[56..], Samples);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes[12..], Crc32C.Of(bytes));
    }

    /// <summary>Null when these bytes are not a sound header of a version that is known.</summary>
    public static SegmentHeader? Read(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < Length || !bytes.StartsWith(Magic) || BinaryPrimitives.ReadUInt32LittleEndian(bytes[8..]) != Version)
        {
            return null;
        }

        Span<byte> copy = stackalloc byte[Length];
        bytes[..Length].CopyTo(copy);
        copy.Slice(12, 4).Clear();
        if (Crc32C.Of(copy) != BinaryPrimitives.ReadUInt32LittleEndian(bytes[12..]))
        {
            return null;
        }

        return new SegmentHeader(
            BinaryPrimitives.ReadUInt64LittleEndian(bytes[16..]),
            BinaryPrimitives.ReadUInt64LittleEndian(bytes[24..]),
            BinaryPrimitives.ReadUInt64LittleEndian(bytes[32..]),
            BinaryPrimitives.ReadInt64LittleEndian(bytes[40..]),
            BinaryPrimitives.ReadInt64LittleEndian(bytes[48..]),
            BinaryPrimitives.ReadUInt64LittleEndian(bytes[56..]));
    }
}
