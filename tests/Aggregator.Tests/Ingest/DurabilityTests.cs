using HostAgent.Aggregator.Hosts;
using HostAgent.Aggregator.Ingest;
using HostAgent.Aggregator.Storage;
using HostAgent.Aggregator.Storage.Head;
using HostAgent.Aggregator.Storage.Memory;
using HostAgent.TestSupport;
using HostAgent.V1;

namespace HostAgent.Aggregator.Tests.Ingest;

/// <summary>Promise 1: nothing acknowledged is lost, nothing is stored twice. Promise 2: everything is accounted for.</summary>
public sealed class DurabilityTests
{
    [Fact]
    public async Task A_frame_is_acknowledged_only_when_its_commit_has_succeeded()
    {
        var backend = new GatedBackend(new MemoryBackend()) { Full = true };
        await using var aggregator = new IngestHarness(backend);
        var agent = new TestAgent();
        Batch first = agent.Announce();
        first.Entries.Add(agent.Frame(1, aggregator.Now));

        LaneSession lane = aggregator.Open(agent.Hello(), first);
        await Eventually.TrueAsync(() => backend.Attempts >= 1, "a commit is tried");
        await Eventually.TrueAsync(() => aggregator.Pipeline.Health().IsDegraded, "health says that commits fail");
        Assert.Contains("full", aggregator.Pipeline.Health().Detail, StringComparison.Ordinal);
        Assert.False(lane.Acks.TryPeek(out _));

        backend.Full = false;
        await Eventually.TrueAsync(
            () =>
            {
                aggregator.Time.Advance(TimeSpan.FromSeconds(5));
                return lane.Acks.TryPeek(out _);
            },
            "the ack comes when there is room again");
        Assert.False(aggregator.Pipeline.Health().IsDegraded);
        await Eventually.TrueAsync(() => lane.InFlight == 0, "nothing is in flight any more");
    }

    [Fact]
    public async Task A_restart_finds_samples_account_and_sequences_as_they_were()
    {
        var backend = new MemoryBackend();
        var agent = new TestAgent();
        long t = IngestHarness.Start.ToUnixTimeMilliseconds();
        await using (var aggregator = new IngestHarness(backend))
        {
            LaneSession lane = aggregator.Open(agent.Hello(), Frames(agent, agent.Announce(), 1, 10, t));
            await IngestHarness.AckedAsync(lane, 10);
        }

        await using var restarted = new IngestHarness(backend.Reopen());
        Assert.Equal(Expected(1, 10, t), restarted.Samples("d0"));
        Assert.Equal(10UL, restarted.Account(agent).PresentFrames);
        Assert.Equal(30UL, restarted.Account(agent).Intervals.Aggregate(0UL, (sum, i) => sum + i.Samples));

        // The agent did not hear the last acks and sends again from 8 on.
        LaneSession again = restarted.Open(agent.Hello(), Frames(agent, agent.Announce(), 8, 12, t));
        await IngestHarness.AckedAsync(again, 12);

        Assert.Equal(Expected(1, 12, t), restarted.Samples("d0"));
        HostAccount account = restarted.Account(agent);
        Assert.Equal((12UL, 0UL, 3UL), (account.PresentFrames, account.MissingFrames, account.DuplicateFrames));
    }

    [Fact]
    public async Task Sections_become_chunks_and_their_journal_rows_go()
    {
        var backend = new MemoryBackend();
        var agent = new TestAgent();
        long t = IngestHarness.Start.ToUnixTimeMilliseconds();
        await using (var aggregator = new IngestHarness(backend, new IngestOptions { SectionTicks = 5 }))
        {
            LaneSession lane = aggregator.Open(agent.Hello(), agent.Announce());
            for (ulong i = 1; i <= 100; i++)
            {
                lane.Accept(Frames(agent, new Batch { Epoch = 1 }, i, i, t));
                if (i % 10 == 0)
                {
                    await IngestHarness.AckedAsync(lane, i);
                }
            }

            Assert.Equal(Expected(1, 100, t, factor: 2), aggregator.Samples("d1"));
            await Eventually.TrueAsync(() => backend.ReadJournal().Count() <= 3, "old journal rows are deleted");
        }

        await using var restarted = new IngestHarness(backend.Reopen());
        Assert.Equal(Expected(1, 100, t, factor: 2), restarted.Samples("d1"));
        Assert.Equal(100UL, restarted.Account(agent).PresentFrames);
    }

    [Fact]
    public async Task A_series_that_stands_still_has_a_sample_at_every_tick_across_sections_and_restarts()
    {
        var backend = new MemoryBackend();
        var agent = new TestAgent { Values = [42, 0, 7] };
        long t = IngestHarness.Start.ToUnixTimeMilliseconds();
        await using (var aggregator = new IngestHarness(backend, new IngestOptions { SectionTicks = 4 }))
        {
            LaneSession lane = aggregator.Open(agent.Hello(), agent.Announce());
            for (ulong i = 1; i <= 30; i++)
            {
                lane.Accept(new Batch { Epoch = 1, Entries = { agent.Frame(i, t + (long)(i * 1000)) } });
            }

            await IngestHarness.AckedAsync(lane, 30);
        }

        await using var restarted = new IngestHarness(backend.Reopen());
        Assert.Equal(Enumerable.Range(1, 30).Select(i => (t + (i * 1000L), 42.0)), restarted.Samples("d0"));
        Assert.Equal(Enumerable.Range(1, 30).Select(i => (t + (i * 1000L), 0.0)), restarted.Samples("d1"));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(6)]
    public async Task Killed_again_and_again_the_store_holds_every_acknowledged_frame_once(int seed)
    {
        var random = new Random(seed);
        var backend = new MemoryBackend();
        long t = IngestHarness.Start.ToUnixTimeMilliseconds();
        ulong produced = 0;
        ulong acked = 0;
        for (int life = 0; life < 25; life++)
        {
            var gate = new GatedBackend(backend);
            await using var aggregator = new IngestHarness(gate, new IngestOptions { SectionTicks = random.Next(2, 12) });
            var agent = new TestAgent();
            LaneSession lane = aggregator.Open(agent.Hello());
            Batch batch = agent.Announce();
            ulong next = acked + 1; // the agent sends again all that it has heard no ack for
            for (int batches = random.Next(1, 8); batches > 0; batches--)
            {
                ulong last = Math.Max(produced, next + (ulong)random.Next(1, 9));
                lane.Accept(Frames(agent, batch, next, last, t));
                (produced, next) = (last, last + 1);
                batch = new Batch { Epoch = 1 };
                gate.Full |= batches == 2 && random.Next(2) == 0; // from here on nothing becomes durable: the kill comes
                if (random.Next(2) == 0 && !gate.Full)
                {
                    await IngestHarness.AckedAsync(lane, produced);
                    acked = produced;
                }
            }

            while (lane.Acks.TryRead(out Ack? ack))
            {
                acked = Math.Max(acked, ack.Sequence);
            }

            backend = backend.Reopen(); // the disk as the kill found it
        }

        await using var survivor = new IngestHarness(backend);
        (long Time, double Value)[] samples = survivor.Samples("d2");
        HostAccount account = survivor.Account(new TestAgent());
        Assert.True((ulong)samples.Length >= acked, $"{acked} acknowledged, {samples.Length} stored");
        Assert.Equal(Expected(1, (ulong)samples.Length, t, factor: 3), samples);
        Assert.Equal((ulong)samples.Length, account.PresentFrames + account.LateFrames);
        Assert.Equal(0UL, account.MissingFrames);
    }

    [Fact]
    public async Task Two_sections_of_a_host_sealed_at_the_same_instant_leave_the_longer_account_row()
    {
        var agent = new TestAgent();
        for (int round = 0; round < 1000; round++)
        {
            var backend = new MemoryBackend();
            await using (var aggregator = new IngestHarness(backend))
            {
                LaneSession lane = aggregator.Open(agent.Hello());
                LaneSection[] sections = [.. Enumerable.Range(1, 2).Select(n => Section(lane, aggregator, n))];
                using var together = new Barrier(sections.Length);
                await Task.WhenAll(sections.Select(s => Task.Run(() =>
                {
                    together.SignalAndWait();
                    aggregator.Pipeline.Seal(lane.Host, s);
                })));
            }

            AccountRecord[] rows = [.. backend.Open().Account];
            Assert.Equal(2UL, rows.Aggregate(0UL, static (sum, r) => sum + (r.LastSequence - r.FirstSequence + 1)));
        }

        static LaneSection Section(LaneSession lane, IngestHarness aggregator, int number)
        {
            var section = new LaneSection(
                aggregator.Pipeline.Queue.OpenSection(lane.Hello, new Batch { Epoch = 1, Reset = true }), new HeadSection(), lane.Host.OpenRuns(), 0, 10);
            Assert.True(lane.Host.TryAccept(section.Runs, 1, FrameOutcome.Present, (ulong)number, aggregator.Now + number, 1));
            return section;
        }
    }

    [Fact]
    public async Task A_batch_that_announces_and_begins_a_section_with_its_first_frame_is_replayed_whole()
    {
        var backend = new MemoryBackend();
        var agent = new TestAgent();
        long t = IngestHarness.Start.ToUnixTimeMilliseconds();
        await using (var aggregator = new IngestHarness(backend, new IngestOptions { SectionTicks = 3 }))
        {
            LaneSession lane = aggregator.Open(agent.Hello(), Frames(agent, agent.Announce(), 1, 3, t));
            lane.Accept(Frames(agent, agent.End(0), 4, 5, t)); // the section is full: its first frame begins another
            await IngestHarness.AckedAsync(lane, 5);
        }

        await using var restarted = new IngestHarness(backend.Reopen());
        Assert.Equal(0, restarted.Pipeline.Health().DamagedJournalRows);
        Assert.Equal(Expected(1, 5, t, factor: 2), restarted.Samples("d1"));
        Assert.Equal(5UL, restarted.Account(agent).PresentFrames);

        // The same with series that are new.
        LaneSession again = restarted.Open(agent.Hello(), agent.Announce());
        await GrowAsync(restarted, again);
        await using var third = new IngestHarness(((MemoryBackend)restarted.Store.Backend).Reopen());
        Assert.Equal(0, third.Pipeline.Health().DamagedJournalRows);
        Assert.Equal(2, third.Samples("extra").Length);

        async Task GrowAsync(IngestHarness aggregator, LaneSession lane)
        {
            lane.Accept(Frames(agent, new Batch { Epoch = 1 }, 6, 6, t));
            const long later = 2 * 3_600_000; // a step of the clock, too, begins a section
            Batch grown = agent.Add("extra");
            for (ulong i = 7; i <= 8; i++)
            {
                grown.Entries.Add(agent.Frame(i, t + later + (long)(i * 1000)));
            }

            aggregator.Time.Advance(TimeSpan.FromMilliseconds(later));
            lane.Accept(grown);
            await IngestHarness.AckedAsync(lane, 8);
        }
    }

    [Fact]
    public async Task A_damaged_journal_row_is_reported_and_the_other_hosts_come_back()
    {
        var backend = new MemoryBackend();
        long t = IngestHarness.Start.ToUnixTimeMilliseconds();
        var one = new TestAgent();
        var two = new TestAgent(id: new string('2', 32), name: "web-2");
        await using (var aggregator = new IngestHarness(backend))
        {
            await IngestHarness.AckedAsync(aggregator.Open(one.Hello(), Frames(one, one.Announce(), 1, 3, t)), 3);
            await IngestHarness.AckedAsync(aggregator.Open(two.Hello(), Frames(two, two.Announce(), 1, 3, t)), 3);
        }

        MemoryBackend damaged = backend.Reopen();
        damaged.Damage(damaged.ReadJournal().First(r => r.Body.Length > 50).Id);
        await using var restarted = new IngestHarness(damaged);

        Assert.Equal(1, restarted.Pipeline.Health().DamagedJournalRows);
        Assert.Empty(restarted.Samples("d0"));
        Assert.Equal(3, restarted.Samples("d0", "web-2").Length);
    }

    private static Batch Frames(TestAgent agent, Batch batch, ulong first, ulong last, long start)
    {
        for (ulong i = first; i <= last; i++)
        {
            agent.Values = [(long)i, (long)(i * 2), (long)(i * 3)];
            batch.Entries.Add(agent.Frame(i, start + (long)(i * 1000)));
        }

        return batch;
    }

    private static IEnumerable<(long, double)> Expected(ulong first, ulong last, long start, int factor = 1)
    {
        for (ulong i = first; i <= last; i++)
        {
            yield return (start + (long)(i * 1000), i * (double)factor);
        }
    }
}
