using System.Buffers.Binary;
using HostAgent.Agent.Spool;

namespace HostAgent.Agent.Commands.Journal;

/// <summary>One record; see FORMAT.md.</summary>
/// <param name="Sequence">Ascending.</param>
/// <param name="TimeUnixMs">When it was written.</param>
/// <param name="Type">What it says.</param>
/// <param name="Content">Its bytes.</param>
internal readonly record struct JournalRecord(ulong Sequence, long TimeUnixMs, RecordType Type, ReadOnlyMemory<byte> Content)
{
    /// <summary>Bytes before the content.</summary>
    public const int HeadBytes = 29;

    /// <summary>Longest content.</summary>
    public const int MaxContentBytes = 1 << 20;

    private const int CheckedFrom = 12;

    /// <summary>The letters that every record begins with.</summary>
    public static ReadOnlySpan<byte> Mark => "HACR"u8;

    /// <summary>Bytes on disk.</summary>
    public int Bytes => HeadBytes + Content.Length;

    /// <summary>Writes it to the beginning of <paramref name="to"/>.</summary>
    public void Write(Span<byte> to)
    {
        Mark.CopyTo(to);
        BinaryPrimitives.WriteInt32LittleEndian(to[4..], Content.Length);
        BinaryPrimitives.WriteUInt64LittleEndian(to[12..], Sequence);
        BinaryPrimitives.WriteInt64LittleEndian(to[20..], TimeUnixMs);
        to[28] = (byte)Type;
        Content.Span.CopyTo(to[HeadBytes..]);
        BinaryPrimitives.WriteUInt32LittleEndian(to[8..], Crc32C.Of(to[CheckedFrom..Bytes]));
    }

    /// <summary>The record at the beginning of <paramref name="bytes"/>; false when there is no sound one.</summary>
    public static bool TryRead(ReadOnlyMemory<byte> bytes, out JournalRecord record)
    {
        record = default;
        ReadOnlySpan<byte> span = bytes.Span;
        if (span.Length < HeadBytes || !span.StartsWith(Mark))
        {
            return false;
        }

        int length = BinaryPrimitives.ReadInt32LittleEndian(span[4..]);
        if (length < 0 || length > MaxContentBytes || length > span.Length - HeadBytes
            || BinaryPrimitives.ReadUInt32LittleEndian(span[8..]) != Crc32C.Of(span[CheckedFrom..(HeadBytes + length)]))
        {
            return false;
        }

        record = new JournalRecord(
            BinaryPrimitives.ReadUInt64LittleEndian(span[12..]), BinaryPrimitives.ReadInt64LittleEndian(span[20..]), (RecordType)span[28],
            bytes.Slice(HeadBytes, length));
        return true;
    }
}
