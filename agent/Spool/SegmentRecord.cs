using System.Buffers.Binary;

namespace HostAgent.Agent.Spool;

/// <summary>What stands before the batch in a record of a segment (FORMAT.md).</summary>
/// <param name="Sequence">Of the frame; 0: the batch only announces.</param>
/// <param name="TimeUnixMs">Of the frame.</param>
/// <param name="Samples">Of the frame.</param>
internal readonly record struct SegmentRecord(ulong Sequence, long TimeUnixMs, int Samples)
{
    /// <summary>Bytes of a record before its batch.</summary>
    public const int HeadLength = 28;

    /// <summary>Longest batch in a record.</summary>
    public const int MaxBatchLength = 16 << 20;

    private const int CoveredFrom = 8;

    /// <summary>Completes a record whose batch already stands behind the head.</summary>
    public void WriteHead(Span<byte> record)
    {
        BinaryPrimitives.WriteInt32LittleEndian(record, record.Length - HeadLength);
        BinaryPrimitives.WriteUInt64LittleEndian(record[8..], Sequence);
        BinaryPrimitives.WriteInt64LittleEndian(record[16..], TimeUnixMs);
        BinaryPrimitives.WriteInt32LittleEndian(record[24..], Samples);
        BinaryPrimitives.WriteUInt32LittleEndian(record[4..], Crc32C.Of(record[CoveredFrom..]));
    }

    /// <summary>The length of the batch that a head announces; null when it is out of bounds.</summary>
    public static int? BatchLength(ReadOnlySpan<byte> head)
    {
        var length = BinaryPrimitives.ReadInt32LittleEndian(head);
        return length is >= 1 and <= MaxBatchLength ? length : null;
    }

    /// <summary>Null when the checksum does not fit.</summary>
    public static SegmentRecord? Read(ReadOnlySpan<byte> record) =>
        Crc32C.Of(record[CoveredFrom..]) != BinaryPrimitives.ReadUInt32LittleEndian(record[4..])
            ? null
            : new SegmentRecord(
                BinaryPrimitives.ReadUInt64LittleEndian(record[8..]),
                BinaryPrimitives.ReadInt64LittleEndian(record[16..]),
                BinaryPrimitives.ReadInt32LittleEndian(record[24..]));
}
