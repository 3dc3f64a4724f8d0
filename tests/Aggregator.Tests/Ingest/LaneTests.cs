using HostAgent.Aggregator.Hosts;
using HostAgent.Aggregator.Ingest;
using HostAgent.Aggregator.Storage;
using HostAgent.Aggregator.Storage.Memory;
using HostAgent.V1;

namespace HostAgent.Aggregator.Tests.Ingest;

/// <summary>What lanes mean: who may be connected, what is late, what was lost, when a series ends.</summary>
public sealed class LaneTests
{
    [Fact]
    public async Task Of_two_agents_with_one_identity_the_newer_stays()
    {
        await using var aggregator = new IngestHarness(new MemoryBackend());
        var old = new TestAgent(epoch: 5);
        LaneSession live = aggregator.Open(old.Hello(), old.Announce());
        LaneSession backfill = aggregator.Open(old.Hello(Lane.Backfill));

        var newer = new TestAgent(epoch: 6);
        LaneSession taken = aggregator.Open(newer.Hello(), newer.Announce());
        RefusalException refused = Assert.Throws<RefusalException>(() => aggregator.Pipeline.Open(old.Hello()));

        Assert.Equal(RefusalKind.Replaced, live.EndReason!.Kind);
        Assert.Equal(RefusalKind.Replaced, backfill.EndReason!.Kind);
        Assert.True(live.Ended.IsCancellationRequested);
        Assert.Null(taken.EndReason);
        Assert.Equal(RefusalKind.NotTheNewest, refused.Kind);
        Assert.Throws<RefusalException>(() => live.Accept(new Batch { Epoch = 5, Entries = { old.Frame(1, aggregator.Now) } }));
    }

    [Fact]
    public async Task Labels_of_the_host_and_its_identity_are_added_to_every_series()
    {
        await using var aggregator = new IngestHarness(new MemoryBackend());
        var agent = new TestAgent(series: 1);
        Batch batch = agent.Announce();
        batch.Entries.Add(agent.Frame(1, aggregator.Now));
        aggregator.Open(agent.Hello(), batch);

        SeriesInfo series = Assert.Single(aggregator.Store.Select([], long.MinValue, long.MaxValue, 10));

        Assert.Equal("{device=\"d0\",host=\"web-1\",instance=\"0123456789abcdef0123456789abcdef\",site=\"north\"}", series.Labels.ToString());
        Assert.Equal(("m_total", "Help."), (series.Metric, aggregator.Store.Metadata("m_total")!.Help));
    }

    [Fact]
    public async Task The_backfill_lane_fills_a_hole_in_order_and_counts_as_late()
    {
        await using var aggregator = new IngestHarness(new MemoryBackend());
        long t = aggregator.Now;
        var live = new TestAgent();
        LaneSession now = aggregator.Open(live.Hello(), Frames(live, live.Announce(), t, 1, 2, 9, 10));
        var spool = new TestAgent();
        LaneSession then = aggregator.Open(spool.Hello(Lane.Backfill), Frames(spool, spool.Announce(), t, 2, 3, 4, 5, 6, 7, 8, 9));
        await IngestHarness.AckedAsync(now, 10);
        await IngestHarness.AckedAsync(then, 9);

        Assert.Equal(Enumerable.Range(1, 10).Select(i => (t + (i * 1000L), (double)i)), aggregator.Samples("d0"));
        HostAccount account = aggregator.Account(live);
        Assert.Equal((4UL, 6UL, 0UL, 2UL), (account.PresentFrames, account.LateFrames, account.MissingFrames, account.DuplicateFrames));
    }

    [Fact]
    public async Task A_live_frame_that_comes_long_after_its_time_is_late_by_the_hosts_own_clock()
    {
        await using var aggregator = new IngestHarness(new MemoryBackend());
        long hostNow = aggregator.Now - 600_000; // its clock is ten minutes slow
        var agent = new TestAgent();
        Batch batch = agent.Announce();
        batch.Entries.Add(agent.Frame(1, hostNow - 30_000));
        batch.Entries.Add(agent.Frame(2, hostNow - 1_000));

        aggregator.Open(agent.Hello(sentUnixMs: hostNow), batch);

        Assert.Equal(["Late", "Present"], aggregator.Account(agent).Intervals.Select(i => i.Outcome.ToString()));
        Assert.Equal(-600_000, aggregator.Hosts.Find("web-1")!.ClockSkewMs);
    }

    [Fact]
    public async Task What_an_agent_dropped_is_accounted_for_with_its_reason_once()
    {
        var backend = new MemoryBackend();
        var agent = new TestAgent();
        await using (var aggregator = new IngestHarness(backend))
        {
            long t = aggregator.Now;
            Batch batch = Frames(agent, agent.Announce(), t, 1, 2);
            var loss = new Loss { FirstSequence = 2, LastSequence = 6, FirstUnixMs = t + 2000, LastUnixMs = t + 6000, Samples = 15, Reason = LossReason.SpoolFull };
            batch.Entries.Add(new Entry { Loss = loss });
            LaneSession lane = aggregator.Open(agent.Hello(), batch, Frames(agent, new Batch { Epoch = 1 }, t, 7, 10));
            lane.Accept(new Batch { Epoch = 1, Entries = { new Entry { Loss = loss } } });
            await IngestHarness.AckedAsync(lane, 6);
            Check(aggregator);
        }

        await using var restarted = new IngestHarness(backend.Reopen());
        Check(restarted);

        void Check(IngestHarness aggregator)
        {
            HostAccount account = aggregator.Account(agent);
            AccountInterval dropped = Assert.Single(account.Intervals, i => i.Outcome == FrameOutcome.DroppedSpoolFull);
            Assert.Equal((3UL, 6UL, 12UL), (dropped.FirstSequence, dropped.LastSequence, dropped.Samples));
            Assert.Equal((4UL, 4UL, 2UL, 10UL), (account.PresentFrames, account.DroppedFrames, account.MissingFrames, account.ProducedFrames));
            Assert.Equal(new SequenceGap(1, 8, 9), Assert.Single(account.Missing));
        }
    }

    [Fact]
    public async Task A_clock_set_back_stops_nobody_and_leaves_no_interval_that_ends_before_it_begins()
    {
        var agent = new TestAgent();
        await using var aggregator = new IngestHarness(new MemoryBackend());
        long t = aggregator.Now;
        var loss = new Loss { FirstSequence = 3, LastSequence = 6, FirstUnixMs = t + 3000, LastUnixMs = t - 8000, Samples = 12, Reason = LossReason.SpoolDamaged };
        LaneSession lane = aggregator.Open(
            agent.Hello(Lane.Backfill), Frames(agent, agent.Announce(), t, 1, 2), new Batch { Epoch = 1, Entries = { new Entry { Loss = loss } } });
        lane.Accept(Frames(agent, new Batch { Epoch = 1 }, t - 20_000, 7, 8));
        await IngestHarness.AckedAsync(lane, 8);

        HostAccount account = aggregator.Account(agent);
        Assert.Equal((4UL, 4UL, 0UL), (account.LateFrames, account.DroppedFrames, account.MissingFrames));
        Assert.All(account.Intervals, i => Assert.True(i.FirstUnixMs <= i.LastUnixMs));
        Assert.Equal([(t + 1000, t + 2000), (t - 8000, t + 3000), (t - 13_000, t - 12_000)], account.Intervals.Select(i => (i.FirstUnixMs, i.LastUnixMs)));
    }

    [Fact]
    public async Task The_parts_of_a_loss_that_partly_arrived_lie_between_what_is_stored()
    {
        var backend = new MemoryBackend();
        var agent = new TestAgent();
        await using (var aggregator = new IngestHarness(backend))
        {
            // Frames 4 and 5 and frame 8 were stored, but the agent never heard so and gave up 1 to 12.
            long t = aggregator.Now;
            Batch batch = Frames(agent, agent.Announce(), t, 4, 5, 8);
            var loss = new Loss { FirstSequence = 1, LastSequence = 12, FirstUnixMs = t + 1000, LastUnixMs = t + 12_000, Samples = 36, Reason = LossReason.SpoolFull };
            batch.Entries.Add(new Entry { Loss = loss });
            await IngestHarness.AckedAsync(aggregator.Open(agent.Hello(), batch), 8);
            Check(aggregator, t);
        }

        await using var restarted = new IngestHarness(backend.Reopen());
        Check(restarted, restarted.Now);

        void Check(IngestHarness aggregator, long t)
        {
            HostAccount account = aggregator.Account(agent);
            Assert.Equal(
                [
                    (1UL, 3UL, t + 1000, t + 3999, 9UL), (4UL, 5UL, t + 4000, t + 5000, 6UL), (6UL, 7UL, t + 5001, t + 7999, 6UL),
                    (8UL, 8UL, t + 8000, t + 8000, 3UL), (9UL, 12UL, t + 8001, t + 12_000, 12UL),
                ],
                account.Intervals.Select(i => (i.FirstSequence, i.LastSequence, i.FirstUnixMs, i.LastUnixMs, i.Samples)));
            Assert.Equal((9UL, 3UL, 12UL), (account.DroppedFrames, account.PresentFrames, account.ProducedFrames));
        }
    }

    [Fact]
    public async Task A_clock_that_jumped_leaves_a_part_of_a_loss_an_instant_and_never_a_negative_interval()
    {
        var agent = new TestAgent();
        await using var aggregator = new IngestHarness(new MemoryBackend());
        long t = aggregator.Now;
        Batch batch = agent.Announce();
        batch.Entries.Add(agent.Frame(2, t + 600_000)); // ahead by ten minutes, then set right
        batch.Entries.Add(agent.Frame(4, t + 4000));
        var loss = new Loss { FirstSequence = 1, LastSequence = 5, FirstUnixMs = t + 1000, LastUnixMs = t + 5000, Samples = 15, Reason = LossReason.SpoolFull };
        batch.Entries.Add(new Entry { Loss = loss });
        await IngestHarness.AckedAsync(aggregator.Open(agent.Hello(), batch), 4);

        HostAccount account = aggregator.Account(agent);
        Assert.Equal([(1UL, 1UL), (2UL, 2UL), (3UL, 3UL), (4UL, 4UL), (5UL, 5UL)], account.Intervals.Select(i => (i.FirstSequence, i.LastSequence)));
        Assert.All(account.Intervals, interval => Assert.True(interval.FirstUnixMs <= interval.LastUnixMs, interval.ToString()));
        Assert.Equal(t + 5000, account.Intervals[2].FirstUnixMs);
    }

    [Fact]
    public async Task A_crash_of_the_agent_leaves_an_interval_and_a_clean_end_leaves_none()
    {
        var backend = new MemoryBackend();
        await using var aggregator = new IngestHarness(backend);
        long t = aggregator.Now;
        var agent = new TestAgent(epoch: 1);
        for (ulong epoch = 1; epoch <= 3; epoch++)
        {
            agent.Epoch = epoch;
            Hello hello = agent.Hello();
            hello.EndedEpochs.Add(Enumerable.Range(1, (int)epoch - 1).Select(e => new EpochEnd { Epoch = (ulong)e, LastSequence = 2, Clean = e == 2 }));
            aggregator.Pipeline.Close(aggregator.Open(hello, Frames(agent, agent.Announce(), t + ((long)epoch * 10_000), 1, 2)));
        }

        HostAccount account = aggregator.Account(agent);

        AccountInterval crash = Assert.Single(account.Intervals, i => i.Outcome == FrameOutcome.LostAtCrash);
        Assert.Equal((1UL, t + 12_000, t + 21_000), (crash.Epoch, crash.FirstUnixMs, crash.LastUnixMs));
        Assert.Equal((6UL, 0UL, 1), (account.PresentFrames, account.MissingFrames, account.CrashGaps));
    }

    [Fact]
    public async Task What_an_ended_epoch_still_holds_in_its_spool_is_missing_until_it_comes()
    {
        await using var aggregator = new IngestHarness(new MemoryBackend());
        var agent = new TestAgent(epoch: 2);
        Hello hello = agent.Hello();
        hello.EndedEpochs.Add(new EpochEnd { Epoch = 1, LastSequence = 40, Clean = true });

        aggregator.Open(hello, Frames(agent, agent.Announce(), aggregator.Now, 1));

        Assert.Equal(new SequenceGap(1, 1, 40), Assert.Single(aggregator.Account(agent).Missing));
    }

    [Fact]
    public async Task A_series_that_ends_is_marked_stale_at_the_next_tick_and_may_come_back()
    {
        var backend = new MemoryBackend();
        var agent = new TestAgent(series: 2);
        long t;
        await using (var aggregator = new IngestHarness(backend, new IngestOptions { SectionTicks = 3 }))
        {
            t = aggregator.Now;
            LaneSession lane = aggregator.Open(agent.Hello(), Frames(agent, agent.Announce(), t, 1, 2));
            lane.Accept(agent.End(0));
            lane.Accept(Frames(agent, new Batch { Epoch = 1 }, t, 3, 4, 5));
            SeriesInfo gone = aggregator.Store.Select([new("device", HostAgent.Aggregator.Storage.MatchType.Equal, "d0")], 0, long.MaxValue, 1)[0];
            Assert.False(aggregator.Store.TryLatest(gone.Id, out _, out _));
            lane.Accept(Frames(agent, agent.Announce(), t, 6));
            Assert.True(aggregator.Store.TryLatest(gone.Id, out long latest, out double value));
            Assert.Equal((t + 6000, 6.0), (latest, value));
            await IngestHarness.AckedAsync(lane, 6);
        }

        await using var restarted = new IngestHarness(backend.Reopen());
        (long Time, double Value)[] samples = restarted.Samples("d0");
        Assert.Equal([t + 1000, t + 2000, t + 3000, t + 6000], samples.Select(s => s.Time));
        Assert.True(StaleMarker.Is(samples[2].Value));
        Assert.Equal(6, restarted.Samples("d1").Length);
    }

    [Fact]
    public async Task A_host_is_up_while_it_sends_stale_when_it_falls_silent_and_down_when_it_stays_away()
    {
        await using var aggregator = new IngestHarness(new MemoryBackend());
        var agent = new TestAgent();
        LaneSession lane = aggregator.Open(agent.Hello(), Frames(agent, agent.Announce(), aggregator.Now, 1));
        var seen = new List<Liveness> { aggregator.Hosts.Find("web-1")!.Liveness };
        aggregator.Time.Advance(TimeSpan.FromSeconds(11));
        seen.Add(aggregator.Hosts.Find("web-1")!.Liveness);
        aggregator.Pipeline.Close(lane);
        aggregator.Time.Advance(TimeSpan.FromSeconds(20));
        seen.Add(aggregator.Hosts.Find("web-1")!.Liveness);

        Assert.Equal([Liveness.Up, Liveness.Stale, Liveness.Down], seen);
    }

    private static Batch Frames(TestAgent agent, Batch batch, long start, params ulong[] sequences)
    {
        foreach (ulong sequence in sequences)
        {
            Array.Fill(agent.Values, (long)sequence);
            batch.Entries.Add(agent.Frame(sequence, start + (long)(sequence * 1000)));
        }

        return batch;
    }
}
