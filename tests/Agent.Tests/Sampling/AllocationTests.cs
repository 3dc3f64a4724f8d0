using HostAgent.Agent.Linux;
using HostAgent.Agent.Sampling;
using HostAgent.TestSupport;
using Microsoft.Extensions.Logging.Abstractions;

namespace HostAgent.Agent.Tests.Sampling;

/// <summary>A steady tick allocates nothing: 10,000 of them, with every sampler that reads files, on this kernel.</summary>
public sealed class AllocationTests
{
    private const int Ticks = 10_000;

    [Fact]
    public void Ten_thousand_ticks_allocate_not_one_byte()
    {
        // Over fixtures, where nothing comes or goes; tcpstates and ports ask the real kernel, whose walk of 1 ms would make this a long test; tls has nothing to say.
        var time = new FakeTime();
        var sleeper = new FakeSleeper(time);
        var options = new SamplingOptions { Samplers = new Dictionary<string, SamplerSettings> { ["tcpstates"] = new() { Enabled = false }, ["ports"] = new() { Enabled = false }, ["tls"] = new() { Enabled = false } } };
        var scheduler = new SamplingScheduler(
            options, new SeriesTable(), new NullConsumer(), time, NullLoggerFactory.Instance, SamplerHarness.Fixture("modern"), sleeper, SamplerCatalog.All);
        for (int i = 0; i < 200; i++)
        {
            RunOne();
        }

        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < Ticks; i++)
        {
            RunOne();
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        Assert.True(scheduler.Statistics.Ticks >= Ticks, "the ticks did not happen");
        Assert.All(scheduler.Statistics.Samplers, one => Assert.True(one.State == SampleOutcomeKind.Taken, one.Name));

        void RunOne()
        {
            time.Advance(TimeSpan.FromSeconds(1));
            scheduler.RunOnce();
        }
    }

    public static TheoryData<string> Names => [.. SamplerCatalog.All.Select(one => one.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void On_this_kernel_a_reading_allocates_nothing_while_nothing_comes_or_goes(string name)
    {
        // A minute passes between two readings, so that what is read rarely is read every time.
        using var harness = new SamplerHarness(name, new LinuxRoots());
        for (int i = 0; i < 50; i++)
        {
            harness.Time.Advance(TimeSpan.FromMinutes(1));
            harness.Sample();
        }

        // Processes and mounts of others come and go meanwhile: the least of many stretches is the steady state.
        long least = long.MaxValue;
        for (int stretch = 0; stretch < 20 && least > 0; stretch++)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            for (int i = 0; i < 5; i++)
            {
                harness.Time.Advance(TimeSpan.FromMinutes(1));
                harness.Sample();
            }

            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }

        Assert.Equal(0, least);
    }

    private sealed class NullConsumer : ITickConsumer
    {
        public void OnTick(long timeUnixMs, ReadOnlySpan<int> groups, SeriesTable table)
        {
        }
    }
}
