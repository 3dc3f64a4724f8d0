using HostAgent.Agent.Spool;
using HostAgent.TestSupport;
using HostAgent.V1;
using Microsoft.Extensions.Logging.Abstractions;

namespace HostAgent.Agent.Tests.Spool;

public sealed class DiskSpoolTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("hostagent-spool-").FullName;
    private readonly FakeTime _time = new();
    private readonly Dictionary<(ulong Epoch, ulong Sequence), SortedDictionary<string, long>> _expected = [];
    private readonly TestTable _table = new(seed: 5, series: 40);

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public void What_was_spilled_is_read_back_after_restarts_as_it_was_taken()
    {
        for (var run = 0; run < 4; run++)
        {
            using var spool = Open(new SpoolOptions { MaxSegmentBytes = 64 << 10 });
            Spill(spool, frames: 100);
            if (run % 2 == 0)
            {
                spool.End(100);
            }

            _time.Advance(TimeSpan.FromSeconds(10));
        }

        using var last = Open();
        Assert.Equal(400, ReadAll(last).Count);
        Assert.Equal([true, false, true, false], last.EndedEpochs().Select(ended => ended.Clean));
        Assert.All(last.EndedEpochs(), ended => Assert.Equal(100UL, ended.Last));
        Assert.Equal(0, last.Figures.Segments);
    }

    [Fact]
    public void Epochs_grow_whatever_the_clock_does_and_whatever_is_left_of_the_state()
    {
        var epochs = new List<ulong>();
        for (var run = 0; run < 6; run++)
        {
            using (var spool = Open())
            {
                epochs.Add(spool.Epoch);
                Spill(spool, frames: 1);
            }

            _time.JumpWallClock(_time.GetUtcNow().AddDays(-1));
            if (run == 3)
            {
                File.Delete(Path.Combine(_directory, "state"));
            }
        }

        Assert.Equal(epochs.Distinct().Order(), epochs);
    }

    [Fact]
    public void An_end_is_told_until_nothing_of_the_epoch_is_left()
    {
        using (var spool = Open())
        {
            Spill(spool, frames: 5);
        }

        using var next = Open();
        var told = next.EndedEpochs();
        Assert.Equal(new EndedEpoch(told[0].Epoch, 5, Clean: false), Assert.Single(told));
        next.ForgetEnded(told);
        Assert.Single(next.EndedEpochs());
        Assert.Equal(5, ReadAll(next).Count);
        next.ForgetEnded(told);
        Assert.Empty(next.EndedEpochs());
    }

    [Fact]
    public void A_full_spool_drops_its_oldest_segment_and_remembers_the_loss_until_it_is_acknowledged()
    {
        var options = new SpoolOptions { MaxDiskBytes = 200_000, MaxSegmentBytes = 16 << 10 };
        ulong dropped;
        using (var spool = Open(options))
        {
            Spill(spool, frames: 4_000);
            Assert.InRange(Directory.GetFiles(_directory, "*.segment").Sum(path => new FileInfo(path).Length), 1, 200_000);
            dropped = (ulong)spool.Figures.DroppedFrames;
            Assert.InRange(dropped, 1UL, 3_999UL);
        }

        using (var spool = Open(options))
        {
            var loss = Assert.Single(spool.LossesToSend());
            Assert.Equal((1UL, dropped, LossReason.SpoolFull), (loss.First, loss.Last, loss.Reason));
            var samples = _expected.Where(frame => frame.Key.Sequence <= dropped).Sum(frame => frame.Value.Count);
            Assert.Equal((ulong)samples, loss.Samples);
            Assert.Equal(4_000 - (int)dropped, ReadAll(spool).Count);
            spool.Acknowledge(loss);
            Assert.Empty(spool.LossesToSend());
        }

        using var last = Open(options);
        Assert.Empty(last.LossesToSend());
    }

    [Fact]
    public void A_partly_acknowledged_segment_that_is_dropped_counts_only_the_rest_as_lost()
    {
        using var spool = Open(new SpoolOptions { MaxDiskBytes = 200_000, MaxSegmentBytes = 16 << 10 });
        Spill(spool, frames: 300);
        _time.Advance(TimeSpan.FromSeconds(4));
        Assert.True(spool.TryBeginSending(null, out var segment));
        spool.Acknowledge(segment, 7);
        spool.EndSending();
        var spilled = _expected.ToArray();
        Spill(spool, frames: 4_000, from: 300);
        foreach (var (frame, samples) in spilled)
        {
            _expected[frame] = samples;
        }

        var loss = spool.LossesToSend()[0];
        Assert.Equal(8UL, loss.First);
        Assert.Equal((ulong)_expected.Where(frame => frame.Key.Sequence >= 8 && frame.Key.Sequence <= loss.Last).Sum(frame => frame.Value.Count), loss.Samples);
    }

    [Fact]
    public void A_disk_that_refuses_loses_nothing_that_fits_in_memory_and_is_used_again_when_it_recovers()
    {
        using var spool = Open();
        var window = new FrameWindow(spool.Epoch, 1 << 20);
        Fill(window, 20);
        // A directory of the segment's name: creating the file fails for root as well.
        var obstacle = Directory.CreateDirectory(Path.Combine(_directory, SegmentName.Of(spool.Epoch, 1)));
        using var spiller = new Spiller(window, spool, new SpoolOptions(), _time);
        spiller.Check(_time.GetTimestamp());
        Assert.True(spool.Figures.Failures == 0 && window.Count == 20);
        var frames = new List<KeptFrame>();
        window.Take(long.MaxValue, 100, frames);
        Assert.Equal(0, spool.Append(frames));
        window.PutBack(frames, 0);
        Assert.True(spool.Figures.IsFailing);
        Assert.Equal(20, window.Count);

        obstacle.Delete();
        spiller.SpillAll();
        Assert.False(spool.Figures.IsFailing);
        Assert.Equal(0, window.Count);
        Assert.Equal(20, ReadAll(spool).Count);
    }

    [Fact]
    public void Frames_acknowledged_on_the_live_lane_after_they_were_spilled_are_not_sent_again()
    {
        using var spool = Open();
        Spill(spool, frames: 30);
        spool.AcknowledgeRun(1, 10);
        spool.AcknowledgeRun(11, 30);
        _time.Advance(TimeSpan.FromSeconds(4));
        Assert.False(spool.TryBeginSending(null, out _));
    }

    [Fact]
    public void A_second_agent_on_the_same_directory_is_refused()
    {
        using var spool = Open();
        var error = Assert.Throws<SpoolLockedException>(() => Open());
        Assert.Contains(_directory, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Without_a_usable_directory_there_is_an_epoch_and_an_identity_all_the_same()
    {
        File.WriteAllText(Path.Combine(_directory, "file"), "");
        using var spool = new DiskSpool(Path.Combine(_directory, "file", "below"), new SpoolOptions(), _time, NullLogger.Instance);
        Assert.True(spool.Epoch > 0);
        Assert.Equal(32, spool.HostId("some machine").Length);
        Assert.Equal(spool.HostId("some machine"), spool.HostId("some machine"));
        var window = new FrameWindow(spool.Epoch, 1 << 20);
        Fill(window, 3);
        var frames = new List<KeptFrame>();
        window.Take(long.MaxValue, 3, frames);
        Assert.Equal(0, spool.Append(frames));
    }

    [Fact]
    public void The_identity_is_made_once()
    {
        using var spool = Open();
        var id = spool.HostId(null);
        Assert.Matches("^[0-9a-f]{32}$", id);
        Assert.Equal(id, spool.HostId(null));
    }

    private DiskSpool Open(SpoolOptions? options = null) => new(_directory, options ?? new SpoolOptions(), _time, NullLogger.Instance);

    private void Fill(FrameWindow window, int frames)
    {
        for (var i = 0; i < frames; i++)
        {
            var groups = _table.Next();
            var sequence = window.Add(1_000_000 + i, _time.GetTimestamp(), groups, _table.Table, out _);
            _expected[(window.Epoch, sequence)] = _table.Expected(groups);
        }
    }

    private void Spill(DiskSpool spool, int frames, int from = 0)
    {
        var window = new FrameWindow(spool.Epoch, 64 << 20);
        Fill(window, from);
        var call = window.BeginCall();
        var writer = new BatchWriter(spool.Epoch, Timeout.InfiniteTimeSpan);
        while (window.TrySendNext(call, writer, out _, out var sent))
        {
            window.Acknowledge(sent, sent);
        }

        while (window.LastSequence < (ulong)frames)
        {
            Fill(window, Math.Min(200, frames - (int)window.LastSequence));
            var taken = new List<KeptFrame>();
            window.Take(long.MaxValue, int.MaxValue, taken);
            Assert.Equal(taken.Count, spool.Append(taken));
            window.Forget(taken, taken.Count);
        }
    }

    /// <summary>Reads and acknowledges everything, and compares each frame with what was taken.</summary>
    private List<ulong> ReadAll(DiskSpool spool)
    {
        _time.Advance(TimeSpan.FromSeconds(4));
        var sequences = new List<ulong>();
        Segment? segment = null;
        while (spool.TryBeginSending(segment, out segment))
        {
            using var reader = new SegmentReader(segment.Path);
            var batches = new BatchReader();
            while (reader.TryRead(out var record, out var bytes))
            {
                var batch = Batch.Parser.ParseFrom(bytes.Span);
                foreach (var frame in batches.Read(batch))
                {
                    Assert.Equal(record.Sequence, frame.Sequence);
                    Assert.Equal(_expected[(batch.Epoch, frame.Sequence)], frame.Samples);
                    sequences.Add(frame.Sequence);
                }
            }

            Assert.False(reader.IsDamaged);
            spool.Acknowledge(segment, segment.Last);
        }

        spool.EndSending();
        return sequences;
    }
}
