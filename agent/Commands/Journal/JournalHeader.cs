using System.Buffers.Binary;
using HostAgent.Agent.Spool;

namespace HostAgent.Agent.Commands.Journal;

/// <summary>The first bytes of a journal; see FORMAT.md.</summary>
internal static class JournalHeader
{
    /// <summary>Length in bytes.</summary>
    public const int Bytes = 16;

    /// <summary>The version that is written.</summary>
    public const uint Version = 1;

    private static ReadOnlySpan<byte> Name => "HACMDS\0\0"u8;

    /// <summary>Writes it.</summary>
    public static void Write(Span<byte> to)
    {
        to[..Bytes].Clear();
        Name.CopyTo(to);
        BinaryPrimitives.WriteUInt32LittleEndian(to[8..], Version);
        BinaryPrimitives.WriteUInt32LittleEndian(to[12..], Crc32C.Of(to[..Bytes]));
    }

    /// <summary>True when the bytes begin with a header of a version that this program reads.</summary>
    public static bool IsSound(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < Bytes || !bytes.StartsWith(Name) || BinaryPrimitives.ReadUInt32LittleEndian(bytes[8..]) != Version)
        {
            return false;
        }

        Span<byte> copy = stackalloc byte[Bytes];
        bytes[..Bytes].CopyTo(copy);
        copy[12..].Clear();
        return BinaryPrimitives.ReadUInt32LittleEndian(bytes[12..]) == Crc32C.Of(copy);
    }
}
