using System.Buffers.Binary;
using HostAgent.Agent.Spool;
using HostAgent.Agent.Tests.Spool;
using Microsoft.Extensions.Logging.Abstractions;

namespace HostAgent.Fuzz.Targets;

/// <summary>Segments as a crash or a bad disk could leave them, recovered as at an agent's start. Checksums are put right in every second input, so
/// that what is behind them is reached too.</summary>
internal sealed class SpoolSegment : FuzzTarget
{
    private const ulong Epoch = 3;

    // Recovery syncs what it mends: in memory that costs nothing.
    private readonly string _folder = Directory.CreateDirectory(
        Path.Combine(Directory.Exists("/dev/shm") ? "/dev/shm" : Path.GetTempPath(), $"fuzz-spool-{Environment.ProcessId}")).FullName;

    public override string Name => "spool-segment";

    public override IEnumerable<byte[]> Seeds()
    {
        AppDomain.CurrentDomain.ProcessExit += (_, _) => Directory.Delete(_folder, recursive: true);
        for (int seed = 1; seed <= 4; seed++)
        {
            var table = new TestTable(seed, series: 6, churn: false);
            var ledger = new SeriesLedger(1);
            using var writer = new SegmentWriter(_folder, Epoch, 1);
            for (ulong sequence = 1; sequence <= 4; sequence++)
            {
                int[] groups = table.Next();
                ledger.Follow(table.Table);
                var frame = new KeptFrame();
                frame.Fill(sequence, 1_700_000_000_000 + (long)sequence, 0, ledger, groups, table.Table.Raw);
                writer.Append(frame);
            }

            if (seed % 2 == 0)
            {
                writer.Close();
            }

            writer.Dispose();
            yield return File.ReadAllBytes(writer.Segment.Path);
            File.Delete(writer.Segment.Path);
        }
    }

    public override bool Run(byte[] input)
    {
        if (input.Length > 0 && input[^1] % 2 == 0)
        {
            input = [.. input];
            PutChecksumsRight(input);
        }

        foreach (string old in Directory.GetFiles(_folder))
        {
            File.Delete(old);
        }

        string path = Path.Combine(_folder, SegmentName.Of(Epoch, 1));
        File.WriteAllBytes(path, input);
        using var directory = new SpoolDirectory(_folder, maxDamaged: 1, NullLogger.Instance);
        var first = new SegmentRecovery(directory, NullLogger.Instance);
        first.Run();
        foreach (LossRange loss in first.Losses)
        {
            Require(loss.Epoch == Epoch && loss.First >= 1 && loss.Last >= loss.First, $"a loss of {loss.First} to {loss.Last} of epoch {loss.Epoch}");
        }

        // What was recovered is sound: a second start finds the same and loses nothing more.
        var second = new SegmentRecovery(directory, NullLogger.Instance);
        second.Run();
        Require(second.Losses.Count == 0 && second.Damaged == 0, "a second start finds damage that the first one left");
        Require(first.Segments.Select(Described).SequenceEqual(second.Segments.Select(Described)), "a second start finds something else");
        foreach (Segment segment in first.Segments)
        {
            Require(segment.First == 1 && segment.Last >= segment.First, $"a segment of {segment.First} to {segment.Last}");
        }

        return first.Segments.Count > 0;
    }

    private static (ulong, ulong, long, long, ulong, long) Described(Segment segment)
        => (segment.First, segment.Last, segment.FirstUnixMs, segment.LastUnixMs, segment.Samples, segment.Bytes);

    private static void Require(bool holds, string otherwise)
    {
        if (!holds)
        {
            throw new InvalidOperationException(otherwise);
        }
    }

    private static void PutChecksumsRight(byte[] input)
    {
        if (input.Length < SegmentHeader.Length)
        {
            return;
        }

        Span<byte> header = input.AsSpan(0, SegmentHeader.Length);
        header.Slice(12, 4).Clear();
        BinaryPrimitives.WriteUInt32LittleEndian(header[12..], Crc32C.Of(header));
        for (int at = SegmentHeader.Length; at + SegmentRecord.HeadLength <= input.Length;)
        {
            if (SegmentRecord.BatchLength(input.AsSpan(at)) is not { } length || at + SegmentRecord.HeadLength + length > input.Length)
            {
                return;
            }

            Span<byte> record = input.AsSpan(at, SegmentRecord.HeadLength + length);
            BinaryPrimitives.WriteUInt32LittleEndian(record[4..], Crc32C.Of(record[8..]));
            at += record.Length;
        }
    }
}
