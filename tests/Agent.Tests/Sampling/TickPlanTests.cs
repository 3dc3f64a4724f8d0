using HostAgent.Agent.Sampling;
using HostAgent.TestSupport;
using Microsoft.Extensions.Logging.Abstractions;

namespace HostAgent.Agent.Tests.Sampling;

/// <summary>When ticks happen, with every clock in the test's hand.</summary>
public sealed class TickPlanTests
{
    private static readonly DateTimeOffset Start = new(2026, 3, 1, 12, 0, 0, 400, TimeSpan.Zero);

    private readonly FakeTime _time = new(Start);
    private readonly FakeSleeper _sleeper;
    private readonly SamplingStatistics _statistics = new();
    private readonly List<double> _ticks = [];

    public TickPlanTests() => _sleeper = new FakeSleeper(_time);

    [Fact]
    public void The_first_tick_is_at_once_and_the_others_on_the_second()
    {
        Run(5);
        Assert.Equal([0.4, 1, 2, 3, 4], _ticks);
        Assert.Equal(4, _sleeper.Sleeps);
        Assert.Equal(0, _statistics.SkippedTicks);
    }

    [Fact]
    public void A_tick_that_takes_long_skips_the_instants_that_pass_and_stacks_none()
    {
        Run(4, tick =>
        {
            if (tick == 1)
            {
                _time.Advance(TimeSpan.FromSeconds(3.2));
            }
        });
        Assert.Equal([0.4, 1, 5, 6], _ticks);
        Assert.Equal(3, _statistics.SkippedTicks);
    }

    [Fact]
    public void A_host_that_does_not_let_us_run_gets_the_newest_instant_and_the_others_are_counted()
    {
        _sleeper.Sleep().During(() => _time.Advance(TimeSpan.FromSeconds(2.5)));
        Run(4);

        // Slept from 1.0 to 2.0, woken at 4.5: the tick is 4; then 5 in its time.
        Assert.Equal([0.4, 1, 4, 5], _ticks);
        Assert.Equal(2, _statistics.SkippedTicks);
        Assert.Equal(0, _statistics.ClockJumps);
    }

    [Fact]
    public void Woken_a_little_late_a_tick_keeps_its_instant()
    {
        _sleeper.During(() => _time.Advance(TimeSpan.FromMilliseconds(900)));
        Run(3);
        Assert.Equal([0.4, 1, 2], _ticks);
        Assert.Equal(0, _statistics.SkippedTicks);
    }

    [Fact]
    public void Woken_early_it_sleeps_again()
    {
        _sleeper.During(() => _time.JumpWallClock(_time.GetUtcNow() - TimeSpan.FromMilliseconds(20)));
        Run(2);
        Assert.Equal([0.4, 1], _ticks);
        Assert.Equal(2, _sleeper.Sleeps);
        Assert.Equal(0, _statistics.ClockJumps);
    }

    [Fact]
    public void A_clock_set_forward_is_one_jump_and_no_skipped_ticks()
    {
        _sleeper.Sleep().During(() => Jump(TimeSpan.FromHours(1)));
        Run(4);
        Assert.Equal([0.4, 1, 3602, 3603], _ticks);
        Assert.Equal((1, 0), (_statistics.ClockJumps, _statistics.SkippedTicks));
    }

    [Fact]
    public void A_clock_set_back_far_goes_on_at_the_new_time()
    {
        _sleeper.Sleep().During(() => Jump(TimeSpan.FromHours(-1)));
        Run(4);
        Assert.Equal([0.4, 1, -3597, -3596], _ticks);
        Assert.Equal((1, 0), (_statistics.ClockJumps, _statistics.SkippedTicks));
    }

    [Fact]
    public void A_clock_set_back_a_little_never_gives_an_instant_twice()
    {
        _sleeper.Sleep().During(() => Jump(TimeSpan.FromSeconds(-1.5)));
        Run(5);
        Assert.Equal(_ticks.Distinct(), _ticks);
        Assert.Equal(_ticks.Order(), _ticks);
        Assert.Equal(1, _statistics.ClockJumps);
    }

    [Fact]
    public void Suspended_is_told_from_a_set_clock_and_skips_nothing()
    {
        _sleeper.Sleep().Suspend(TimeSpan.FromHours(8));
        Run(4);
        Assert.Equal([0.4, 1, (8 * 3600) + 2, (8 * 3600) + 3], _ticks);
        Assert.Equal((1, 0, 0), (_statistics.Suspends, _statistics.ClockJumps, _statistics.SkippedTicks));
    }

    [Fact]
    public void Slewing_is_no_jump()
    {
        for (int i = 0; i < 100; i++)
        {
            _sleeper.During(() => Jump(TimeSpan.FromMilliseconds(50)));
        }

        Run(90);
        Assert.Equal(0, _statistics.ClockJumps);
    }

    [Fact]
    public void Over_a_day_no_instant_is_missed()
    {
        Run(86_400);
        Assert.Equal(Enumerable.Range(1, 86_399).Select(second => (double)second), _ticks.Skip(1));
        Assert.Equal(0, _statistics.SkippedTicks);
    }

    private void Jump(TimeSpan by) => _time.JumpWallClock(_time.GetUtcNow() + by);

    // Ticks are given in seconds after the full second before the start.
    private void Run(int count, Action<int>? during = null)
    {
        var plan = new TickPlan(TimeSpan.FromSeconds(1), _time, _sleeper, _statistics, NullLogger.Instance);
        long origin = Start.ToUnixTimeMilliseconds() - 400;
        while (_ticks.Count < count)
        {
            if (!plan.TryBegin(out long tickMs))
            {
                _sleeper.Sleep(plan.UntilPlanned);
                continue;
            }

            _ticks.Add((tickMs - origin) / 1000.0);
            during?.Invoke(_ticks.Count - 1);
            plan.End();
        }
    }
}
