using System.Buffers.Binary;
using System.Text;
using Google.Protobuf;
using HostAgent.V1;

namespace HostAgent.Agent.Commands.Journal;

/// <summary>The contents of records; see FORMAT.md. Reading throws nothing but <see cref="InvalidDataException"/>.</summary>
internal static class JournalContent
{
    private const int IdBytes = 16;
    private const int DigestBytes = 32;

    public static byte[] Received(string id, ReadOnlySpan<byte> digest, CommandOrigin origin, CommandOrder order)
    {
        byte[] content = new byte[IdBytes + DigestBytes + 1 + order.CalculateSize()];
        Convert.FromHexString(id).CopyTo(content, 0);
        digest.CopyTo(content.AsSpan(IdBytes));
        content[IdBytes + DigestBytes] = (byte)origin;
        order.WriteTo(content.AsSpan(IdBytes + DigestBytes + 1));
        return content;
    }

    public static byte[] Intent(string id, IReadOnlyList<SubjectRun> subjects, CommandReport report)
    {
        using var content = new MemoryStream();
        content.Write(Convert.FromHexString(id));
        content.WriteByte((byte)subjects.Count);
        Span<byte> number = stackalloc byte[2];
        foreach ((string subject, int chain) in subjects)
        {
            byte[] text = Encoding.UTF8.GetBytes(subject);
            BinaryPrimitives.WriteUInt16LittleEndian(number, (ushort)text.Length);
            content.Write(number);
            content.Write(text);
            BinaryPrimitives.WriteUInt16LittleEndian(number, (ushort)Math.Min(chain, ushort.MaxValue));
            content.Write(number);
        }

        content.Write(report.ToByteArray());
        return content.ToArray();
    }

    public static byte[] Outcome(string id, CommandReport report) => [.. Convert.FromHexString(id), .. report.ToByteArray()];

    public static byte[] Number(long value)
    {
        byte[] content = new byte[sizeof(long)];
        BinaryPrimitives.WriteInt64LittleEndian(content, value);
        return content;
    }

    /// <summary>The command that a received, intent or outcome record is about.</summary>
    /// <exception cref="InvalidDataException">It is too short.</exception>
    public static string IdOf(JournalRecord record) => Convert.ToHexStringLower(Take(record.Content.Span, 0, IdBytes));

    /// <exception cref="InvalidDataException">It is not what such a record holds.</exception>
    public static CommandEntry ReadReceived(JournalRecord record)
    {
        ReadOnlySpan<byte> content = record.Content.Span;
        string id = IdOf(record);
        byte[] digest = Take(content, IdBytes, DigestBytes).ToArray();
        CommandOrigin origin = (CommandOrigin)Take(content, IdBytes + DigestBytes, 1)[0];
        CommandOrder order = Parse(CommandOrder.Parser, content[(IdBytes + DigestBytes + 1)..]);
        if (order.Body is null || order.Body.CommandId != id)
        {
            throw new InvalidDataException("a received record without its order");
        }

        return new CommandEntry
        {
            Id = id,
            Digest = digest,
            Origin = origin,
            Order = order,
            ReceivedUnixMs = record.TimeUnixMs,
            Report = Delivered(id, record.Sequence, record.TimeUnixMs, origin, order),
        };
    }

    /// <summary>What is reported of a received record. The aggregator does not know what an agent orders of itself: it is told.</summary>
    public static CommandReport Delivered(string id, ulong sequence, long timeUnixMs, CommandOrigin origin, CommandOrder order) => new()
    {
        CommandId = id,
        Sequence = sequence,
        State = CommandState.Delivered,
        TimeUnixMs = timeUnixMs,
        SelfOrdered = origin == CommandOrigin.Aggregator ? null : order,
    };

    /// <exception cref="InvalidDataException">It is not what such a record holds.</exception>
    public static (IReadOnlyList<SubjectRun> Subjects, CommandReport Report) ReadIntent(JournalRecord record)
    {
        ReadOnlySpan<byte> content = record.Content.Span;
        var subjects = new SubjectRun[Take(content, IdBytes, 1)[0]];
        int at = IdBytes + 1;
        for (int i = 0; i < subjects.Length; i++)
        {
            int length = BinaryPrimitives.ReadUInt16LittleEndian(Take(content, at, 2));
            string subject = Encoding.UTF8.GetString(Take(content, at + 2, length));
            subjects[i] = new SubjectRun(subject, BinaryPrimitives.ReadUInt16LittleEndian(Take(content, at + 2 + length, 2)));
            at += 4 + length;
        }

        return (subjects, Stamped(record, content[at..]));
    }

    /// <exception cref="InvalidDataException">It is not what such a record holds.</exception>
    public static CommandReport ReadOutcome(JournalRecord record) => Stamped(record, Take(record.Content.Span, IdBytes, record.Content.Length - IdBytes));

    /// <exception cref="InvalidDataException">It is not what such a record holds.</exception>
    public static long ReadNumber(JournalRecord record) => BinaryPrimitives.ReadInt64LittleEndian(Take(record.Content.Span, 0, sizeof(long)));

    private static CommandReport Stamped(JournalRecord record, ReadOnlySpan<byte> bytes)
    {
        CommandReport report = Parse(CommandReport.Parser, bytes);
        report.Sequence = record.Sequence;
        report.TimeUnixMs = record.TimeUnixMs;
        return report;
    }

    private static T Parse<T>(MessageParser<T> parser, ReadOnlySpan<byte> bytes)
        where T : IMessage<T>
    {
        try
        {
            return parser.ParseFrom(bytes);
        }
        catch (InvalidProtocolBufferException e)
        {
            throw new InvalidDataException("a record whose content does not read", e);
        }
    }

    private static ReadOnlySpan<byte> Take(ReadOnlySpan<byte> content, int at, int count) =>
        count >= 0 && at <= content.Length - count ? content.Slice(at, count) : throw new InvalidDataException("a record that is too short");
}
