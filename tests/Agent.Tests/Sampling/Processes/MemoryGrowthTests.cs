using HostAgent.Agent.Sampling.Processes;

namespace HostAgent.Agent.Tests.Sampling.Processes;

/// <summary>Synthetic memory curves of two hours, a reading every 5 s: leaks are found with their slope, everything else is not taken for one.</summary>
public sealed class MemoryGrowthTests
{
    private const long MiB = 1024 * 1024;
    private const double Sure = 0.99;

    private static readonly TimeSpan Window = TimeSpan.FromHours(2);

    [Theory]
    [InlineData(1)]
    [InlineData(50)]
    [InlineData(-20)]
    public void A_steady_leak_has_its_slope_and_is_certain(double mibPerHour)
    {
        MemoryGrowth growth = Run(hour => (100 + (mibPerHour * hour)) * MiB);
        Assert.InRange(growth.BytesPerHour / MiB, mibPerHour - Math.Abs(mibPerHour * 0.01), mibPerHour + Math.Abs(mibPerHour * 0.01));
        Assert.True(growth.Confidence > 0.999);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    public void A_leak_under_noise_larger_than_its_hour_is_found(int seed)
    {
        var random = new Random(seed);
        MemoryGrowth growth = Run(hour => (500 + (20 * hour) + (30 * random.NextDouble())) * MiB);
        Assert.InRange(growth.BytesPerHour / MiB, 16, 24);
        Assert.True(growth.Confidence > Sure, $"{growth.Confidence}");
    }

    [Fact]
    public void A_leak_below_the_saw_of_a_garbage_collector_is_found()
    {
        // 200 MiB of garbage every 7 minutes, on a floor that rises by 10 MiB an hour.
        MemoryGrowth growth = Run(hour => (300 + (10 * hour) + (200 * (hour * 60 % 7 / 7))) * MiB);
        Assert.InRange(growth.BytesPerHour / MiB, 6, 14);
    }

    [Fact]
    public void A_saw_on_a_level_floor_is_no_leak()
    {
        MemoryGrowth growth = Run(hour => (300 + (200 * (hour * 60 % 7 / 7))) * MiB);
        Assert.True(growth.Confidence < 0.9, $"{growth.BytesPerHour / MiB} MiB/h, {growth.Confidence}");
    }

    [Fact]
    public void Of_a_hundred_levels_with_noise_next_to_none_is_called_a_leak()
    {
        int alarms = 0;
        for (int seed = 0; seed < 100; seed++)
        {
            var random = new Random(seed);
            MemoryGrowth growth = Run(_ => (500 + (30 * random.NextDouble())) * MiB, step: TimeSpan.FromMinutes(1));
            alarms += growth.BytesPerHour > 0 && growth.Confidence > Sure ? 1 : 0;
        }

        Assert.InRange(alarms, 0, 1);
    }

    [Fact]
    public void Of_a_hundred_slow_waves_few_are_called_a_leak()
    {
        // Each reading remembers nine tenths of the one before: without a wider variance half of these would alarm.
        int alarms = 0;
        for (int seed = 0; seed < 100; seed++)
        {
            var random = new Random(seed);
            double wave = 0;
            MemoryGrowth growth = Run(_ => (500 + (wave = (0.9 * wave) + (10 * (random.NextDouble() - 0.5)))) * MiB, step: TimeSpan.FromMinutes(1));
            alarms += growth.BytesPerHour > 0 && growth.Confidence > Sure ? 1 : 0;
        }

        Assert.InRange(alarms, 0, 4);
    }

    [Fact]
    public void What_grew_and_then_stood_still_is_no_leak()
    {
        MemoryGrowth growth = Run(hour => (100 + (400 * Math.Min(hour, 0.8))) * MiB);
        Assert.Equal((0, 0), (growth.BytesPerHour, growth.Confidence));
    }

    [Fact]
    public void A_cache_that_fills_ever_more_slowly_is_told_by_its_newer_half()
    {
        MemoryGrowth growth = Run(hour => (100 + (400 * (1 - Math.Exp(-hour * 6)))) * MiB);
        Assert.InRange(growth.BytesPerHour / MiB, 0, 10);
    }

    [Fact]
    public void A_single_jump_is_no_leak()
    {
        MemoryGrowth growth = Run(hour => (hour < 1.3 ? 100 : 900) * MiB);
        Assert.Equal(0, growth.BytesPerHour);
    }

    [Fact]
    public void Too_few_points_tell_nothing_and_a_restart_forgets()
    {
        var growth = new MemoryGrowth(Window, MemoryGrowth.NewScratch());
        Feed(growth, TimeSpan.FromMinutes(15), TimeSpan.Zero, TimeSpan.FromSeconds(5), hour => hour * MiB);
        Assert.False(growth.HasResult);
        Feed(growth, TimeSpan.FromMinutes(30), TimeSpan.FromMinutes(15), TimeSpan.FromSeconds(5), hour => hour * MiB);
        Assert.True(growth.HasResult && growth.Confidence > Sure);
        growth.Reset();
        Assert.False(growth.HasResult);
        Assert.Equal((0, 0), (growth.BytesPerHour, growth.Confidence));
    }

    [Fact]
    public void It_allocates_nothing_however_long_it_runs()
    {
        var growth = new MemoryGrowth(Window, MemoryGrowth.NewScratch());
        Feed(growth, TimeSpan.FromHours(3), TimeSpan.Zero, TimeSpan.FromMinutes(1), hour => hour * MiB);
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 200; i++)
        {
            growth.Add(TimeSpan.FromHours(3) + TimeSpan.FromMinutes(i), i * MiB);
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    private static MemoryGrowth Run(Func<double, double> bytesAtHour, TimeSpan? step = null)
    {
        var growth = new MemoryGrowth(Window, MemoryGrowth.NewScratch());
        Feed(growth, TimeSpan.FromHours(2.1), TimeSpan.Zero, step ?? TimeSpan.FromSeconds(5), bytesAtHour);
        Assert.True(growth.HasResult);
        return growth;
    }

    private static void Feed(MemoryGrowth growth, TimeSpan length, TimeSpan from, TimeSpan step, Func<double, double> bytesAtHour)
    {
        for (TimeSpan at = from; at < from + length; at += step)
        {
            growth.Add(at, (long)bytesAtHour(at.TotalHours));
        }
    }
}
