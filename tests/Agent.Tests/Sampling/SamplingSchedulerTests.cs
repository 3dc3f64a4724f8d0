using HostAgent.Agent.Linux;
using HostAgent.Agent.Sampling;
using HostAgent.TestSupport;
using Microsoft.Extensions.Logging.Abstractions;

namespace HostAgent.Agent.Tests.Sampling;

public sealed class SamplingSchedulerTests
{
    private static readonly DateTimeOffset Start = new(2026, 3, 1, 12, 0, 5, TimeSpan.Zero);
    private static readonly Metric Value = new("host_test", MetricType.Gauge, "A value.");

    private readonly FakeTime _time = new(Start);
    private readonly FakeSleeper _sleeper;
    private readonly SeriesTable _table = new();
    private readonly RecordingConsumer _consumer = new();

    public SamplingSchedulerTests() => _sleeper = new FakeSleeper(_time);

    [Fact]
    public void Each_sampler_has_its_interval_aligned_to_the_wall_clock()
    {
        RunTicks(26, new(), TestSampler.Definition("often", Take), TestSampler.Definition("rarely", Take, TimeSpan.FromSeconds(10)));
        Assert.Equal(
            [5, 10, 20, 30], _consumer.Ticks.Where(tick => tick.Groups == "often rarely").Select(tick => (tick.TimeMs / 1000) - Start.ToUnixTimeSeconds() + 5));
        Assert.Equal(22, _consumer.Ticks.Count(tick => tick.Groups == "often"));
    }

    [Fact]
    public void A_sampler_without_data_is_left_out_of_the_tick_and_the_others_are_not()
    {
        int reading = 0;
        SamplingScheduler scheduler = RunTicks(
            4, new(), TestSampler.Definition("good", Take),
            TestSampler.Definition("bad", tick => reading++ switch
            {
                0 => Take(tick),
                1 => SampleOutcome.Failed("no"),
                2 => throw new InvalidOperationException("a bug"),
                _ => SampleOutcome.NothingToSay("gone"),
            }));
        Assert.Equal(["good bad", "good", "good", "good"], _consumer.Ticks.Select(tick => tick.Groups));
        SamplerStatistics bad = scheduler.Statistics.Samplers.Single(one => one.Name == "bad");
        Assert.Equal((2, SampleOutcomeKind.NothingToSay), (bad.Failures, bad.State));
    }

    [Fact]
    public void A_tick_in_which_nothing_was_taken_is_not_handed_on()
    {
        int reading = 0;
        RunTicks(3, new(), TestSampler.Definition("one", tick => reading++ % 2 == 0 ? Take(tick) : SampleOutcome.Failed("every other one")));
        Assert.Equal([0, 2, 4], _consumer.Ticks.Select(tick => (tick.TimeMs / 1000) - Start.ToUnixTimeSeconds()));
    }

    [Fact]
    public void What_the_operator_switches_off_or_slows_down_is()
    {
        var options = new SamplingOptions
        {
            Interval = TimeSpan.FromSeconds(2),
            Samplers = new Dictionary<string, SamplerSettings>
            {
                ["off"] = new() { Enabled = false },
                ["slow"] = new() { Interval = TimeSpan.FromSeconds(4) },
            },
        };
        RunTicks(5, options, TestSampler.Definition("on", Take), TestSampler.Definition("off", Take), TestSampler.Definition("slow", Take));
        Assert.Equal(["on slow", "on", "on slow", "on", "on slow"], _consumer.Ticks.Select(tick => tick.Groups));
        Assert.Equal([0, 1, 3, 5, 7], _consumer.Ticks.Select(tick => (tick.TimeMs / 1000) - Start.ToUnixTimeSeconds()));
        Assert.Equal(["on", "slow"], _table.Groups.Select(group => group.Name));
    }

    [Fact]
    public void A_table_full_of_ended_series_starts_a_new_generation_and_the_samplers_announce_again()
    {
        int made = 0;
        var definition = new SamplerDefinition
        {
            Name = "churn",
            Help = "For tests.",
            Metrics = [],
            Create = _ =>
            {
                made++;
                return new TestSampler(tick =>
                {
                    for (int i = 0; i < 5000; i++)
                    {
                        tick.Table.End(tick.Table.Add(tick.Group, Value));
                    }

                    return SampleOutcome.Taken;
                });
            },
        };
        RunTicks(4, new(), definition);
        Assert.Equal((1, 2), (_table.Generation, made));
        Assert.InRange(_table.Count, 1, 10_000);
    }

    [Fact]
    public void A_consumer_that_throws_ends_the_run()
    {
        _consumer.OnEach = _ => throw new InvalidOperationException("a bug in the consumer");
        SamplingScheduler scheduler = Make(new(), TestSampler.Definition("one", Take));
        Assert.Throws<InvalidOperationException>(() => scheduler.Run(CancellationToken.None));
    }

    [Fact]
    public async Task A_sampler_that_hangs_costs_the_others_one_timeout_and_comes_back_when_it_returns()
    {
        using var release = new ManualResetEventSlim();
        int readings = 0;
        SampleOutcome Hang(Tick tick)
        {
            if (Interlocked.Increment(ref readings) == 2)
            {
                tick.Gate.Enter();
                release.Wait();
                tick.Gate.Leave();
            }

            return Take(tick);
        }

        // The real clock here: threads and their supervisor are what is tested. Ticks every 100 ms, a timeout of 100 ms.
        var options = new SamplingOptions
        {
            Interval = TimeSpan.FromMilliseconds(100),
            Samplers = new Dictionary<string, SamplerSettings> { ["hangs"] = new() { Timeout = TimeSpan.FromMilliseconds(100) } },
        };
        using var sleeper = new PollSleeper();
        SamplingScheduler scheduler = Make(options, TimeProvider.System, sleeper, TestSampler.Definition("fine", Take), TestSampler.Definition("hangs", Hang));
        using var stop = new CancellationTokenSource();
        Task run = Task.Factory.StartNew(() => scheduler.Run(stop.Token), TaskCreationOptions.LongRunning);

        await Eventually.TrueAsync(() => _consumer.Ticks.Count(tick => tick.Groups == "fine") >= 3, "the others go on without the one that hangs");
        SamplerStatistics hangs = scheduler.Statistics.Samplers.Single(one => one.Name == "hangs");
        Assert.Equal((SampleOutcomeKind.Hung, 1), (hangs.State, hangs.Failures));
        Assert.True(scheduler.Statistics.SkippedTicks > 0, "the ticks that the hanging reading ate are not counted");
        Assert.Equal(2, Volatile.Read(ref readings));

        // Back, it must not touch the table that others write to now; and it is left alone for a minute.
        release.Set();
        int before = _consumer.Ticks.Length;
        await Eventually.TrueAsync(() => _consumer.Ticks.Length >= before + 3, "ticks go on");
        Assert.Equal(2, Volatile.Read(ref readings));
        Assert.Equal(_consumer.Ticks.Select(tick => tick.TimeMs).Distinct(), _consumer.Ticks.Select(tick => tick.TimeMs));
        await stop.CancelAsync();
        await run.WaitAsync(TimeSpan.FromSeconds(20));
    }

    [Fact]
    public async Task Run_ends_while_a_sampler_hangs()
    {
        using var release = new ManualResetEventSlim();
        using var inside = new ManualResetEventSlim();
        SampleOutcome Hang(Tick tick)
        {
            tick.Gate.Enter();
            inside.Set();
            release.Wait();
            tick.Gate.Leave();
            return Take(tick);
        }

        using var sleeper = new PollSleeper();
        SamplingScheduler scheduler = Make(new(), TimeProvider.System, sleeper, TestSampler.Definition("hangs", Hang));
        using var stop = new CancellationTokenSource();
        Task run = Task.Factory.StartNew(() => scheduler.Run(stop.Token), TaskCreationOptions.LongRunning);
        Assert.True(inside.Wait(TimeSpan.FromSeconds(20)));
        await stop.CancelAsync();
        await run.WaitAsync(TimeSpan.FromSeconds(20));
        release.Set();
    }

    [Fact]
    public void A_sampler_that_hung_is_left_alone_for_a_minute()
    {
        var statistics = new SamplerStatistics("one");
        SamplerDefinition definition = TestSampler.Definition("one", Take);
        var setup = new SamplerSetup
        {
            Definition = definition,
            Roots = new(),
            Time = _time,
            Log = NullLogger.Instance,
            Statistics = new(),
        };
        using var slot = new SamplerSlot(setup, 0, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(2), statistics);
        Assert.True(slot.IsDue(1000, _time));
        slot.Abandon(_time.GetTimestamp());
        slot.Return();
        _time.Advance(TimeSpan.FromSeconds(59));
        Assert.False(slot.IsDue(60_000, _time));
        _time.Advance(TimeSpan.FromSeconds(2));
        Assert.True(slot.IsDue(62_000, _time));
    }

    private static SampleOutcome Take(Tick tick)
    {
        if (tick.Table.Count == 0)
        {
            tick.Table.Add(tick.Group, Value);
        }

        return SampleOutcome.Taken;
    }

    private SamplingScheduler RunTicks(int count, SamplingOptions options, params SamplerDefinition[] catalog)
    {
        SamplingScheduler scheduler = Make(options, catalog);
        using var stop = new CancellationTokenSource();
        _consumer.OnEach = ticks =>
        {
            if (ticks == count)
            {
                stop.Cancel();
            }
        };
        scheduler.Run(stop.Token);
        return scheduler;
    }

    private SamplingScheduler Make(SamplingOptions options, params SamplerDefinition[] catalog) => Make(options, _time, _sleeper, catalog);

    private SamplingScheduler Make(SamplingOptions options, TimeProvider time, ITickSleeper sleeper, params SamplerDefinition[] catalog) =>
        new(options, _table, _consumer, time, NullLoggerFactory.Instance, new LinuxRoots(), sleeper, catalog);
}
