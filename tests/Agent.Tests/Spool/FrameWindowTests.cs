using HostAgent.Agent.Spool;
using HostAgent.V1;

namespace HostAgent.Agent.Tests.Spool;

public sealed class FrameWindowTests
{
    private readonly FrameWindow _window = new(epoch: 9, maxBytes: 1 << 20);
    private readonly Dictionary<ulong, SortedDictionary<string, long>> _expected = [];
    private int _call;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Every_call_begins_anew_and_tells_the_frames_as_they_were_taken(int seed)
    {
        var random = new Random(seed);
        var table = new TestTable(seed);
        for (var call = 0; call < 20; call++)
        {
            _call = _window.BeginCall();
            var writer = new BatchWriter(9, TimeSpan.FromSeconds(5));
            var reader = new BatchReader();
            var sent = new List<ulong>();
            for (var tick = 0; tick < 12; tick++)
            {
                Add(table);
                if (random.Next(3) > 0)
                {
                    sent.AddRange(SendAll(writer, reader));
                }
            }

            if (sent.Count > 0)
            {
                Assert.Equal(sent.Order().ToArray(), sent.ToArray());
                _window.Acknowledge(sent[0], sent[random.Next(sent.Count)]);
            }
        }

        _call = _window.BeginCall();
        var rest = SendAll(new BatchWriter(9, TimeSpan.FromSeconds(5)), new BatchReader());
        Assert.Equal(_window.Count, rest.Count);
        _window.Acknowledge(rest[0], rest[^1]);
        Assert.Equal(0, _window.Count);
        Assert.Equal(0, _window.Bytes);
    }

    [Fact]
    public void A_call_that_is_over_gets_nothing_any_more()
    {
        Add(new TestTable());
        var stale = _window.BeginCall();
        var current = _window.BeginCall();
        Assert.False(_window.TrySendNext(stale, new BatchWriter(9, Timeout.InfiniteTimeSpan), out _, out _));
        Assert.True(_window.TrySendNext(current, new BatchWriter(9, Timeout.InfiniteTimeSpan), out _, out _));
    }

    [Fact]
    public void A_full_window_drops_the_oldest_and_accounts_for_them()
    {
        var window = new FrameWindow(9, maxBytes: 10_000);
        var table = new TestTable(churn: false);
        for (var i = 1; i <= 200; i++)
        {
            window.Add(i * 1000, i, table.Next(), table.Table, out _);
            Assert.InRange(window.Bytes, 0, 10_000);
        }

        Assert.True(window.TryTakeLoss(out var loss));
        Assert.False(window.TryTakeLoss(out _));
        Assert.Equal((9UL, 1UL, LossReason.SpoolFailed), (loss.Epoch, loss.First, loss.Reason));
        Assert.Equal(200UL - (ulong)window.Count, loss.Last);
        Assert.Equal((1000L, (long)loss.Last * 1000), (loss.FirstUnixMs, loss.LastUnixMs));
        Assert.Equal((long)loss.Last, window.DroppedFrames);
    }

    [Fact]
    public void Frames_that_come_back_from_a_failing_disk_are_first_in_line_and_lose_no_acknowledgement()
    {
        var table = new TestTable();
        for (var i = 0; i < 10; i++)
        {
            Add(table);
        }

        _call = _window.BeginCall();
        var (writer, reader) = (new BatchWriter(9, Timeout.InfiniteTimeSpan), new BatchReader());
        for (var i = 0; i < 4; i++)
        {
            SendOne(writer, reader);
        }

        var frames = new List<KeptFrame>();
        _window.Take(long.MaxValue, 6, frames);
        Assert.Equal([1UL, 2UL, 3UL, 4UL, 5UL, 6UL], frames.Select(frame => frame.Sequence));
        Assert.Equal(7UL, SendOne(writer, reader)); // what is left goes on meanwhile
        _window.Forget(frames, 2);
        _window.PutBack(frames, 2);
        Assert.Equal(8, _window.Count);

        // 3 and 4 were sent on this call, 5 and 6 were not.
        Assert.Equal([5UL, 6UL, 8UL, 9UL, 10UL], SendAll(writer, reader));
        _window.Acknowledge(7, 7);
        _window.Acknowledge(3, 4);
        Assert.Equal(6, _window.Count); // 5 and 6 keep 7 here
        _window.Acknowledge(5, 6);
        Assert.Equal(3, _window.Count);
    }

    [Fact]
    public void A_steady_tick_allocates_little_and_keeps_nothing()
    {
        var table = new TestTable(series: 300, churn: false);
        var writer = new BatchWriter(9, TimeSpan.FromMinutes(5));
        _call = _window.BeginCall();
        long allocated = 0;
        for (var i = 1; i <= 2_000; i++)
        {
            var groups = table.Next();
            var before = GC.GetAllocatedBytesForCurrentThread();
            var sequence = _window.Add(i * 1000, i, groups, table.Table, out _);
            Assert.True(_window.TrySendNext(_call, writer, out _, out _));
            _window.Acknowledge(sequence, sequence);
            allocated += i <= 1_000 ? 0 : GC.GetAllocatedBytesForCurrentThread() - before;
        }

        Assert.True(allocated <= 1_000 * 200, $"{allocated / 1_000} bytes per tick");
        Assert.Equal(0, _window.Bytes);
    }

    private void Add(TestTable table)
    {
        var groups = table.Next();
        var sequence = _window.Add((long)(_window.LastSequence + 1) * 1000, 0, groups, table.Table, out var samples);
        _expected[sequence] = table.Expected(groups);
        Assert.Equal(_expected[sequence].Count, samples);
    }

    private List<ulong> SendAll(BatchWriter writer, BatchReader reader)
    {
        var sent = new List<ulong>();
        while (SendOne(writer, reader) is var sequence and not 0)
        {
            sent.Add(sequence);
        }

        return sent;
    }

    private ulong SendOne(BatchWriter writer, BatchReader reader)
    {
        if (!_window.TrySendNext(_call, writer, out var batches, out var sequence))
        {
            return 0;
        }

        var frame = Assert.Single(batches.SelectMany(reader.Read));
        Assert.Equal(sequence, frame.Sequence);
        Assert.Equal((long)sequence * 1000, frame.TimeUnixMs);
        Assert.Equal(_expected[sequence], frame.Samples);
        return sequence;
    }
}
