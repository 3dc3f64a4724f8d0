using HostAgent.Agent.Sampling;
using HostAgent.Agent.Spool;
using HostAgent.TestSupport;
using HostAgent.V1;
using Microsoft.Extensions.Logging.Abstractions;

namespace HostAgent.Agent.Tests.Spool;

/// <summary>Whatever a crash or a bad disk makes of the files, the agent starts, sends what is sound and accounts for the rest.</summary>
public sealed class SpoolDamageTests : IDisposable
{
    private const int Frames = 12;

    private readonly string _directory = Directory.CreateTempSubdirectory("hostagent-damage-").FullName;
    private readonly FakeTime _time = new();

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public void A_segment_cut_at_any_byte_keeps_every_whole_frame_and_reports_the_one_that_was_torn()
    {
        var (name, whole, ends) = WriteSegment(close: false);
        for (var length = 0; length < whole.Length; length += length % 97 == 0 ? 1 : 7)
        {
            var kept = ends.Count(end => end <= length);
            var isTorn = !ends.Contains(length) && length > SegmentHeader.Length;
            Check(name, whole[..length], kept, isTorn || length < SegmentHeader.Length, $"cut at {length}");
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_segment_with_any_byte_changed_keeps_the_frames_before_it_and_reports_the_rest(bool closed)
    {
        var (name, whole, ends) = WriteSegment(closed);
        for (var at = 0; at < whole.Length; at += at < 200 ? 1 : 13)
        {
            var bytes = (byte[])whole.Clone();
            bytes[at] ^= 0x41;
            // A header that does not fit is written anew from the records, which have checksums of their own.
            var kept = at < SegmentHeader.Length ? Frames : ends.Count(end => end <= at);
            Check(name, bytes, kept, at >= SegmentHeader.Length, $"byte {at} changed");
        }
    }

    [Fact]
    public void A_sound_record_that_stands_where_it_was_not_written_ends_its_segment()
    {
        var (name, whole, ends) = WriteSegment(close: false);
        Check(name, [.. whole, .. whole[ends[3]..ends[4]]], Frames, isDamaged: true, "the fifth record once more");
        Check(name, [.. whole[..ends[5]], .. whole[ends[3]..]], 6, isDamaged: true, "from the fifth record on once more, behind the sixth");
    }

    [Fact]
    public void The_account_of_a_damaged_closed_segment_is_exact()
    {
        var (name, whole, ends) = WriteSegment(close: true);
        whole[ends[4] + 40] ^= 1;
        Restore(name, whole);
        using var spool = Open();
        Assert.Equal(5, ReadAll(spool));
        var loss = Assert.Single(spool.LossesToSend());
        Assert.Equal((6UL, (ulong)Frames, LossReason.SpoolDamaged), (loss.First, loss.Last, loss.Reason));
        Assert.Equal(7UL * 10, loss.Samples);
        Assert.Equal((6_000L, 12_000L), (loss.FirstUnixMs + 1_000, loss.LastUnixMs));
        Assert.Equal(1, spool.Figures.DamagedSegments);
        Assert.Single(Directory.GetFiles(_directory, "*.damaged"));
    }

    [Fact]
    public void Only_the_newest_damaged_files_are_kept()
    {
        for (var i = 1; i <= 9; i++)
        {
            File.WriteAllText(Path.Combine(_directory, SegmentName.Of(5, (ulong)i * 10)), "no segment");
        }

        using var spool = Open(new SpoolOptions { MaxDamagedSegments = 3 });
        Assert.Equal(3, Directory.GetFiles(_directory, "*.damaged").Length);
        // Each reaches to the next one; of the last nothing is known but its first sequence.
        Assert.Equal((10UL, 90UL), (spool.LossesToSend()[0].First, spool.LossesToSend()[^1].Last));
        Assert.Equal(9, spool.Figures.DamagedSegments);
    }

    [Fact]
    public void A_damaged_state_file_is_put_aside_and_the_segments_are_sent_all_the_same()
    {
        var (name, whole, _) = WriteSegment(close: true);
        Restore(name, whole);
        File.WriteAllText(Path.Combine(_directory, "state"), "hostagent-spool 1\nepoch 17\ncrc 00000000\n");
        using var spool = Open();
        Assert.Equal(Frames, ReadAll(spool));
        Assert.True(File.Exists(Path.Combine(_directory, "state.damaged")));
        Assert.Equal(Frames, (int)Assert.Single(spool.EndedEpochs()).Last);
    }

    [Fact]
    public void Leftovers_of_a_replaced_file_are_removed()
    {
        File.WriteAllText(Path.Combine(_directory, "state.tmp"), "half");
        using var spool = Open();
        Assert.False(File.Exists(Path.Combine(_directory, "state.tmp")));
    }

    private void Check(string name, byte[] bytes, int kept, bool isDamaged, string what)
    {
        Restore(name, bytes);
        using var spool = Open();
        Assert.True(kept == ReadAll(spool), what);
        var losses = spool.LossesToSend();
        Assert.True(losses.Length == (isDamaged ? 1 : 0), $"{what}: {losses.Length} losses");
        Assert.All(losses, loss => Assert.Equal(((ulong)kept + 1, LossReason.SpoolDamaged), (loss.First, loss.Reason)));
        Assert.Equal(0, spool.Figures.Segments);
    }

    private void Restore(string name, byte[] bytes)
    {
        foreach (var file in Directory.GetFiles(_directory))
        {
            File.Delete(file);
        }

        File.WriteAllBytes(Path.Combine(_directory, name), bytes);
    }

    /// <summary>A segment of 12 frames of 10 samples, and where each frame ends in it.</summary>
    private (string Name, byte[] Bytes, List<int> Ends) WriteSegment(bool close)
    {
        var table = new SeriesTable();
        table.AddGroup("test", TimeSpan.FromSeconds(1));
        var metric = new Metric("host_test_total", HostAgent.Agent.Sampling.MetricType.Counter, "A count.");
        for (var i = 0; i < 10; i++)
        {
            table.Add(0, metric, ("thing", $"number {i}"));
        }

        var window = new FrameWindow(9, 1 << 20);
        for (var i = 1; i <= Frames; i++)
        {
            for (var id = 0; id < 10; id++)
            {
                table.Set(id, i * id);
            }

            window.Add(i * 1000, 0, [0], table, out _);
        }

        var frames = new List<KeptFrame>();
        window.Take(long.MaxValue, 100, frames);
        var writer = new SegmentWriter(_directory, 9, 1);
        var ends = new List<int>();
        foreach (var frame in frames)
        {
            writer.Append(frame);
            ends.Add((int)writer.Segment.Bytes);
        }

        if (close)
        {
            writer.Close();
        }

        writer.Dispose();
        return (Path.GetFileName(writer.Segment.Path), File.ReadAllBytes(writer.Segment.Path), ends);
    }

    private DiskSpool Open(SpoolOptions? options = null) => new(_directory, options ?? new SpoolOptions(), _time, NullLogger.Instance);

    /// <summary>Reads as the backfill lane does and returns the number of frames.</summary>
    private static int ReadAll(DiskSpool spool)
    {
        var frames = 0;
        Segment? segment = null;
        while (spool.TryBeginSending(segment, out segment))
        {
            ulong last = 0;
            using var reader = new SegmentReader(segment.Path);
            var batches = new BatchReader();
            while (last < segment.Last && reader.TryRead(out var record, out var bytes))
            {
                frames += batches.Read(Batch.Parser.ParseFrom(bytes.Span)).Count;
                last = Math.Max(last, record.Sequence);
            }

            if (last < segment.Last)
            {
                spool.GiveUp(segment, last);
            }
            else
            {
                spool.Acknowledge(segment, last);
            }
        }

        spool.EndSending();
        return frames;
    }
}
