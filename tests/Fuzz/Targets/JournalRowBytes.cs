using System.Buffers.Binary;
using HostAgent.Aggregator.Hosts;
using HostAgent.Aggregator.Ingest.Journal;
using HostAgent.Aggregator.Storage;
using HostAgent.V1;

namespace HostAgent.Fuzz.Targets;

/// <summary>Journal rows as a damaged disk could give them back, with the checksum put right.</summary>
internal sealed class JournalRowBytes : FuzzTarget
{
    public override string Name => "journal-row";

    public override IEnumerable<byte[]> Seeds()
    {
        var writer = new JournalRowWriter();
        var batch = new Batch { Epoch = 7, Entries = { new Entry { Frame = new Frame { Sequence = 1, TimeUnixMs = 1000 } } } };
        writer.OpenSection(1, new Hello { HostId = new string('a', 32), HostName = "web-1" }, new Batch { Reset = true });
        writer.Batch(1, batch, [(1, FrameOutcome.Present)]);
        writer.SealSection(1);
        yield return writer.Finish().ToArray();
        writer.Reset();
        writer.Batch(2, batch, [(1, FrameOutcome.Late), (300, FrameOutcome.Refused)]);
        yield return writer.Finish().ToArray();
    }

    public override bool Run(byte[] input)
    {
        if (input.Length >= 4)
        {
            BinaryPrimitives.WriteUInt32LittleEndian(input.AsSpan(input.Length - 4), Crc32C.Of(input.AsSpan(0, input.Length - 4)));
        }

        return JournalRowReader.TryRead(input, out _) is not null;
    }
}
