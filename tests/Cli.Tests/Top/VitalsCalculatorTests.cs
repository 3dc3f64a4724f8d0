using HostAgent.Cli.Api;
using HostAgent.Cli.Top;

namespace HostAgent.Cli.Tests.Top;

public sealed class VitalsCalculatorTests
{
    private static readonly DateTimeOffset Now = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    [Fact]
    public void A_rate_covers_the_last_five_seconds_of_samples()
        => Assert.Equal(2, VitalsCalculator.Rate([new(0, 0), new(5, 1_000), new(6, 1_002), new(7, 1_004), new(8, 1_006), new(9, 1_008), new(10, 1_010)]));

    [Fact]
    public void Two_samples_far_apart_are_enough() => Assert.Equal(10, VitalsCalculator.Rate([new(0, 0), new(60, 600)]));

    [Fact]
    public void One_sample_is_not() => Assert.Null(VitalsCalculator.Rate([new(0, 5)]));

    [Fact]
    public void A_counter_that_begins_again_does_not_count_backwards() => Assert.Equal((2 + 1) / 2.0, VitalsCalculator.Rate([new(0, 98), new(1, 100), new(2, 1)]));

    [Fact]
    public void A_host_that_sends_nothing_has_no_vitals_rather_than_zeros()
    {
        HostVitals vitals = VitalsCalculator.Of(Host(null, 0), Now, [], []);
        Assert.Null(vitals.CpuRatio);
        Assert.Null(vitals.MemoryRatio);
        Assert.Null(vitals.FullestRatio);
        Assert.Null(vitals.DiskReadBytesPerSecond);
        Assert.Null(vitals.SampleAgeSeconds);
    }

    [Theory]
    [InlineData("up", 0.5, 10.0)]
    [InlineData("stale", 0.5, null)] // the last gauge, with its age; no rate, for nothing has come for a while
    [InlineData("down", null, null)]
    public void A_host_that_has_vanished_does_not_look_alive(string liveness, double? load, double? received)
    {
        var labels = new Dictionary<string, string> { ["instance"] = "1" };
        HostVitals vitals = VitalsCalculator.Of(
            Host(Now.AddSeconds(-15), 0) with { Liveness = liveness },
            Now,
            [new LatestValue("host_load1", labels, Now.ToUnixTimeSeconds() - 15, 0.5)],
            [new SeriesPoints("host_network_receive_bytes_total", labels, [new(0, 0), new(1, 10)])]);
        Assert.Equal((liveness, load, received), (vitals.Liveness, vitals.Load1, vitals.NetworkReceiveBytesPerSecond));
    }

    [Theory]
    [InlineData(0, 3)]
    [InlineData(2000, 5)] // its clock is 2 s ahead, so the sample is 2 s older than it looks
    [InlineData(-2000, 3)] // seems behind: may have been a slow connection
    public void The_age_of_a_sample_allows_for_a_skewed_clock(long skewMs, double expected)
        => Assert.Equal(expected, VitalsCalculator.Of(Host(Now.AddSeconds(-3), skewMs), Now, [], []).SampleAgeSeconds);

    [Fact]
    public void The_fullest_file_system_is_counted_as_df_does()
    {
        LatestValue[] gauges =
        [
            File("/", "size", 1000), File("/", "free", 500), File("/", "avail", 450), // 500 used of 950 usable
            File("/data", "size", 100), File("/data", "avail", 90), // 10 used of 100
        ];
        HostVitals vitals = VitalsCalculator.Of(Host(Now, 0), Now, gauges, []);
        Assert.Equal("/", vitals.FullestMountpoint);
        Assert.Equal(500.0 / 950, vitals.FullestRatio);
    }

    private static HostSummary Host(DateTimeOffset? lastSample, long skewMs) => new("1", "web1", "up", "1.0", lastSample, lastSample, skewMs, false, 3, null);

    private static LatestValue File(string mountpoint, string what, double value)
        => new($"host_filesystem_{what}_bytes", new() { ["mountpoint"] = mountpoint }, 0, value);
}
