using HostAgent.Aggregator.Hosts;
using HostAgent.Aggregator.Ingest;
using HostAgent.Aggregator.Storage;
using HostAgent.Aggregator.Storage.Memory;
using HostAgent.V1;

namespace HostAgent.Aggregator.Tests.Ingest;

/// <summary>Hostile or buggy agents are refused by name and counted; the others go on.</summary>
public sealed class RefusalTests
{
    public static TheoryData<string, Action<Hello>> BadHellos { get; } = new()
    {
        { "protocol", static h => h.Protocol = 2 },
        { "host_id", static h => h.HostId = "0123456789ABCDEF0123456789ABCDEF" },
        { "host_id", static h => h.HostId = "../../etc/passwd" },
        { "hello_text", static h => h.HostName = "" },
        { "hello_text", static h => h.HostName = new string('x', 2000) },
        { "lane", static h => h.Lane = (Lane)9 },
        { "epoch", static h => h.Epoch = 0 },
        { "epoch", static h => h.Epoch = ulong.MaxValue },
        { "label_name", static h => h.Labels.Add(new Label { Name = "a b", Value = "c" }) },
        { "label_reserved", static h => h.Labels.Add(new Label { Name = "instance", Value = "c" }) },
    };

    public static TheoryData<string, Action<Batch>> BadBatches { get; } = new()
    {
        { "metric_name", static b => b.Metrics[0].Name = "no spaces" },
        { "metric_name", static b => b.Metrics[0].Name = new string('m', 500) },
        { "metric_scale", static b => (b.Metrics[0].IsFloat, b.Metrics[0].Divisor) = (true, 10) },
        { "metric_id", static b => b.Metrics.Add(new MetricDef { Id = 0, Name = "other" }) },
        { "metric_id", static b => b.Series[0].Metric = 77 },
        { "help_length", static b => b.Metrics[0].Help = new string('h', 5000) },
        { "label_name", static b => b.Series[0].Labels[0].Name = "__name__" },
        { "label_reserved", static b => b.Series[0].Labels[0].Name = "host" },
        { "label_twice", static b => b.Series[0].Labels.Add(new Label { Name = "device", Value = "x" }) },
        { "label_length", static b => b.Series[0].Labels[0].Value = new string('v', 5000) },
        { "label_count", static b => b.Series[0].Labels.AddRange(Enumerable.Range(0, 50).Select(static i => new Label { Name = $"l{i}", Value = "v" })) },
        { "frame_format", static b => b.Series[1].Id = 9 },
        { "frame_format", static b => b.Series[1].Group = 9 },
        { "frame_format", static b => b.EndedSeries.Add(55) },
        { "frame_format", static b => b.Groups.Add(new GroupDef { Id = uint.MaxValue }) },
        { "frame_format", static b => b.Entries[1].Frame.Body = Google.Protobuf.ByteString.CopyFrom(1, 1, 0, 200, 1) },
        { "entry", static b => b.Entries[1] = new Entry() },
        { "entry", static b => b.Entries[1].Frame.Sequence = 0 },
        { "loss", static b => b.Entries[1] = new Entry { Loss = new Loss { FirstSequence = 9, LastSequence = 3 } } },
        { "epoch", static b => b.Epoch = 0 },
        { "batch_entries", static b => b.Entries.AddRange(Enumerable.Range(0, 20_000).Select(static _ => new Entry())) },
    };

    [Theory]
    [MemberData(nameof(BadHellos))]
    public async Task A_bad_hello_is_refused_by_name(string reason, Action<Hello> spoil)
    {
        await using var aggregator = new IngestHarness(new MemoryBackend());
        Hello hello = new TestAgent().Hello();
        spoil(hello);

        RefusalException refused = Assert.Throws<RefusalException>(() => aggregator.Pipeline.Open(hello));

        Assert.Equal(reason, refused.Reason);
        Assert.Equal(0, aggregator.Pipeline.LaneCount);
    }

    [Theory]
    [MemberData(nameof(BadBatches))]
    public async Task A_bad_batch_is_refused_by_name_and_another_host_goes_on(string reason, Action<Batch> spoil)
    {
        await using var aggregator = new IngestHarness(new MemoryBackend());
        var good = new TestAgent(id: new string('a', 32), name: "web-2");
        LaneSession other = aggregator.Open(good.Hello(), good.Announce());
        var bad = new TestAgent();
        Batch batch = bad.Announce();
        batch.Entries.Add(bad.Frame(1, aggregator.Now));
        batch.Entries.Add(bad.Frame(2, aggregator.Now + 1000));
        spoil(batch);
        LaneSession lane = aggregator.Open(bad.Hello());

        RefusalException refused = Assert.Throws<RefusalException>(() => lane.Accept(batch));
        aggregator.Pipeline.Close(lane);
        other.Accept(new Batch { Epoch = 1, Entries = { good.Frame(1, aggregator.Now) } });

        Assert.Equal(reason, refused.Reason);
        Assert.DoesNotContain("Exception", refused.Message, StringComparison.Ordinal);
        await IngestHarness.AckedAsync(other, 1);
        Assert.Single(aggregator.Samples("d0", "web-2"));
    }

    [Fact]
    public async Task What_came_before_the_breach_is_kept_and_accounted_for()
    {
        var backend = new MemoryBackend();
        var agent = new TestAgent();
        await using (var aggregator = new IngestHarness(backend))
        {
            Batch batch = agent.Announce();
            batch.Entries.Add(agent.Frame(1, aggregator.Now));
            batch.Entries.Add(new Entry());
            LaneSession lane = aggregator.Open(agent.Hello());

            Assert.Throws<RefusalException>(() => lane.Accept(batch));
            await IngestHarness.AckedAsync(lane, 1);
        }

        await using var restarted = new IngestHarness(backend.Reopen());
        Assert.Single(restarted.Samples("d0"));
        Assert.Equal(1UL, restarted.Account(agent).PresentFrames);
    }

    [Fact]
    public async Task More_series_than_allowed_are_refused_and_do_not_stay()
    {
        await using var aggregator = new IngestHarness(new MemoryBackend(), new IngestOptions { MaxSeriesPerHost = 10 });
        var agent = new TestAgent(series: 11);
        LaneSession lane = aggregator.Open(agent.Hello());

        RefusalException refused = Assert.Throws<RefusalException>(() => lane.Accept(agent.Announce()));
        aggregator.Pipeline.Close(lane);

        Assert.Equal((RefusalKind.OverLimit, "series_count"), (refused.Kind, refused.Reason));
        Assert.Equal(0, aggregator.Hosts.Find(agent.HostId)!.SeriesCount);
    }

    [Fact]
    public async Task A_host_cannot_bring_ever_new_series_into_being()
    {
        await using var aggregator = new IngestHarness(new MemoryBackend(), new IngestOptions { MaxNewSeriesPerHostHour = 10 });
        int accepted = 0;
        RefusalException? refused = null;
        for (int round = 0; round < 20 && refused is null; round++)
        {
            var agent = new TestAgent(series: 1);
            Batch batch = agent.Announce();
            batch.Series[0].Labels[0].Value = $"new{round}";
            LaneSession lane = aggregator.Open(agent.Hello());
            refused = (RefusalException?)Record.Exception(() => lane.Accept(batch));
            accepted += refused is null ? 1 : 0;
            aggregator.Pipeline.Close(lane);
        }

        Assert.Equal((10, "series_churn"), (accepted, refused?.Reason));
    }

    [Fact]
    public async Task Frames_of_a_wrong_clock_are_refused_one_by_one_counted_and_acknowledged()
    {
        await using var aggregator = new IngestHarness(new MemoryBackend());
        var agent = new TestAgent();
        Batch batch = agent.Announce();
        batch.Entries.Add(agent.Frame(1, aggregator.Now));
        batch.Entries.Add(agent.Frame(2, aggregator.Now + (long)TimeSpan.FromDays(365).TotalMilliseconds));
        batch.Entries.Add(agent.Frame(3, 0));
        batch.Entries.Add(agent.Frame(4, aggregator.Now + 1000));

        LaneSession lane = aggregator.Open(agent.Hello(), batch);
        await IngestHarness.AckedAsync(lane, 4);

        Assert.Equal([aggregator.Now, aggregator.Now + 1000], aggregator.Samples("d0").Select(s => s.Time));
        HostAccount account = aggregator.Account(agent);
        Assert.Equal((2UL, 2UL, 4UL), (account.PresentFrames, account.DroppedFrames, account.ProducedFrames));
        Assert.Equal([2UL, 3UL], account.Intervals.Where(i => i.Outcome == FrameOutcome.Refused).Select(i => i.FirstSequence));
        Assert.Contains("clock of the host is", aggregator.Hosts.Find(agent.HostId)!.LastRefusal, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_flood_of_frames_on_the_live_lane_is_refused()
    {
        await using var aggregator = new IngestHarness(new MemoryBackend(), new IngestOptions { MaxLiveFramesPerSecond = 1 });
        var agent = new TestAgent();
        LaneSession lane = aggregator.Open(agent.Hello(), agent.Announce());
        ulong sequence = 0;

        RefusalException refused = Assert.Throws<RefusalException>(() =>
        {
            for (int i = 0; i < 100; i++)
            {
                lane.Accept(new Batch { Epoch = 1, Entries = { agent.Frame(++sequence, aggregator.Now) } });
            }
        });

        Assert.Equal(("frame_rate", 11UL), (refused.Reason, sequence));
    }

    [Fact]
    public async Task Nan_and_infinities_are_samples_and_cannot_pass_for_the_end_of_a_series()
    {
        await using var aggregator = new IngestHarness(new MemoryBackend());
        long[] values = [StaleMarker.Bits, BitConverter.DoubleToInt64Bits(double.PositiveInfinity), BitConverter.DoubleToInt64Bits(double.NaN)];
        var agent = new TestAgent { Values = values };
        Batch batch = agent.Announce(isFloat: true);
        batch.Entries.Add(agent.Frame(1, aggregator.Now));
        batch.Entries.Add(agent.Frame(2, aggregator.Now + 1000));

        LaneSession lane = aggregator.Open(agent.Hello(), batch);
        await IngestHarness.AckedAsync(lane, 2);

        Assert.All(aggregator.Samples("d0"), s => Assert.True(double.IsNaN(s.Value) && !StaleMarker.Is(s.Value)));
        Assert.All(aggregator.Samples("d1"), s => Assert.Equal(double.PositiveInfinity, s.Value));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Random_batches_are_taken_or_refused_and_never_anything_else(int seed)
    {
        await using var aggregator = new IngestHarness(new MemoryBackend(), new IngestOptions { SectionTicks = 3 });
        var random = new Random(seed);
        int refused = 0;
        for (int round = 0; round < 300; round++)
        {
            var agent = new TestAgent(epoch: (ulong)round + 1);
            LaneSession lane = aggregator.Open(agent.Hello());
            Batch batch = agent.Announce();
            batch.Entries.Add(agent.Frame(1, aggregator.Now));
            byte[] bytes = Google.Protobuf.MessageExtensions.ToByteArray(batch);
            for (int flips = random.Next(1, 6); flips > 0; flips--)
            {
                bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
            }

            try
            {
                lane.Accept(Batch.Parser.ParseFrom(bytes));
            }
            catch (Exception e) when (e is RefusalException or Google.Protobuf.InvalidProtocolBufferException)
            {
                refused++;
            }

            aggregator.Pipeline.Close(lane);
        }

        Assert.InRange(refused, 1, 299);
    }
}
