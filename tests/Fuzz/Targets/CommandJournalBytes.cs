using System.Buffers.Binary;
using HostAgent.Agent.Commands.Journal;
using HostAgent.Agent.Spool;
using HostAgent.V1;

namespace HostAgent.Fuzz.Targets;

/// <summary>The agent's command journal after a damaged disk: checksums are mended, so that the contents are reached. Whatever it says, reading it never throws,
/// and what is read can be written and read again.</summary>
internal sealed class CommandJournalBytes : FuzzTarget
{
    private const string Id = "00112233445566778899aabbccddeeff";

    public override string Name => "command-journal";

    public override IEnumerable<byte[]> Seeds()
    {
        var order = new CommandOrder { Body = new OrderBody { CommandId = Id, Kind = "service.restart", NotAfterUnixMs = 9 }, RequestedBy = "alice" };
        var running = new CommandReport { CommandId = Id, State = CommandState.Running, Results = { new Arg { Name = "active_state", Value = "failed" } } };
        var end = new CommandReport { CommandId = Id, State = CommandState.Succeeded, Message = "done" };
        JournalRecord[] records =
        [
            new(1, 10, RecordType.Received, JournalContent.Received(Id, new byte[32], CommandOrigin.Aggregator, order)),
            new(2, 11, RecordType.Intent, JournalContent.Intent(Id, [new SubjectRun("unit:x", 1)], running)),
            new(3, 12, RecordType.Outcome, JournalContent.Outcome(Id, end)),
            new(4, 13, RecordType.Acked, JournalContent.Number(3)),
            new(5, 14, RecordType.Forgotten, JournalContent.Number(8)),
        ];
        yield return Bytes(records);
        yield return [.. Bytes(records[..2]), .. new byte[40]];
    }

    public override bool Run(byte[] input)
    {
        Mend(input);
        JournalReader read = JournalReader.Read(input);
        if (read.GoodBytes > input.Length || read.Records.Sum(static record => (long)record.Bytes) > input.Length)
        {
            throw new InvalidOperationException("more was read than there is");
        }

        JournalState state = JournalState.Replay(read.Records, nowMs: 1);
        JournalRecord[] rewritten = [.. state.Rewritten(read.Records, state.Forgettable(1L << 50, new JournalOptions()), state.ForgottenUnixMs, 1)];
        if (JournalReader.Read(Bytes(rewritten)) is not { IsDamaged: false } again || again.Records.Count != rewritten.Length)
        {
            throw new InvalidOperationException("what was rewritten does not read");
        }

        return read.Records.Count > 0;
    }

    private static byte[] Bytes(IReadOnlyList<JournalRecord> records)
    {
        byte[] bytes = new byte[JournalHeader.Bytes + records.Sum(static record => record.Bytes)];
        JournalHeader.Write(bytes);
        int at = JournalHeader.Bytes;
        foreach (JournalRecord record in records)
        {
            record.Write(bytes.AsSpan(at));
            at += record.Bytes;
        }

        return bytes;
    }

    private static void Mend(byte[] input)
    {
        for (int at = 0; (at = At(input, at)) >= 0; at++)
        {
            Span<byte> record = input.AsSpan(at);
            if (record.Length >= JournalRecord.HeadBytes && BinaryPrimitives.ReadInt32LittleEndian(record[4..]) is >= 0 and var length
                && length <= record.Length - JournalRecord.HeadBytes)
            {
                BinaryPrimitives.WriteUInt32LittleEndian(record[8..], Crc32C.Of(record[12..(JournalRecord.HeadBytes + length)]));
            }
        }
    }

    private static int At(byte[] input, int from)
    {
        int found = input.AsSpan(from).IndexOf(JournalRecord.Mark);
        return found < 0 ? -1 : from + found;
    }
}
