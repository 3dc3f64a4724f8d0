using System.Buffers.Binary;
using Google.Protobuf;
using HostAgent.Aggregator.Hosts;
using HostAgent.Aggregator.Storage;
using HostAgent.V1;

namespace HostAgent.Aggregator.Ingest.Journal;

/// <summary>Takes a journal row apart (FORMAT.md); survives any bytes.</summary>
internal static class JournalRowReader
{
    /// <summary>The records of a row, or null and the reason when it is damaged.</summary>
    public static List<JournalRecord>? TryRead(ReadOnlySpan<byte> row, out string? error)
    {
        if (row.Length < 5 || BinaryPrimitives.ReadUInt32LittleEndian(row[^4..]) != Crc32C.Of(row[..^4]))
        {
            error = "the checksum does not match";
            return null;
        }

        if (row[0] != JournalRecordKind.Version)
        {
            error = $"version {row[0]} is not known, {JournalRecordKind.Version} is";
            return null;
        }

        try
        {
            error = null;
            var records = new List<JournalRecord>();
            ReadOnlySpan<byte> body = row[..^4];
            for (int at = 1; at < body.Length;)
            {
                records.Add(Record(body, ref at));
            }

            return records;
        }
        catch (FormatException e)
        {
            error = e.Message;
            return null;
        }
    }

    private static JournalRecord Record(ReadOnlySpan<byte> body, ref int at)
    {
        int kind = (int)Number(body, ref at, JournalRecordKind.Sealed);
        long section = (long)Number(body, ref at, long.MaxValue);
        switch (kind)
        {
            case JournalRecordKind.Open:
                var hello = Message(Hello.Parser, body, ref at);
                return new JournalRecord(kind, section, hello, Message(Batch.Parser, body, ref at), []);
            case JournalRecordKind.Batch:
                var runs = new (int, FrameOutcome)[Number(body, ref at, (ulong)body.Length)];
                for (int i = 0; i < runs.Length; i++)
                {
                    runs[i] = ((int)Number(body, ref at, int.MaxValue), (FrameOutcome)Number(body, ref at, 0x7F));
                }

                return new JournalRecord(kind, section, null, Message(Batch.Parser, body, ref at), runs);
            case JournalRecordKind.Sealed:
                return new JournalRecord(kind, section, null, null, []);
            default:
                throw new FormatException($"record kind {kind} is not known");
        }
    }

    private static T Message<T>(MessageParser<T> parser, ReadOnlySpan<byte> body, ref int at)
        where T : IMessage<T>
    {
        int length = (int)Number(body, ref at, (ulong)(body.Length - at));
        if (length > body.Length - at)
        {
            throw new FormatException($"a message of {length} bytes runs past the end");
        }

        at += length;
        try
        {
            return parser.ParseFrom(body[(at - length)..at]);
        }
        catch (Exception e) when (e is InvalidProtocolBufferException or IndexOutOfRangeException or ArgumentException)
        {
            // Google.Protobuf runs past the end of some damaged messages instead of saying so.
            throw new FormatException($"the message before byte {at} is damaged", e);
        }
    }

    private static ulong Number(ReadOnlySpan<byte> body, ref int at, ulong max)
        => Varint.TryRead(body, ref at, out ulong value) && value <= max ? value : throw new FormatException($"a number before byte {at} is damaged");
}
