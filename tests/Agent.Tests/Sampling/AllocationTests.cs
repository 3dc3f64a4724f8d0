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
        // Over fixtures, where nothing comes or goes; tcpstates asks the real kernel, whose walk of 1 ms would make this a long test.
        var time = new FakeTime();
        var sleeper = new FakeSleeper(time);
        var options = new SamplingOptions { Samplers = new Dictionary<string, SamplerSettings> { ["tcpstates"] = new() { Enabled = false } } };
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

    [Fact]
    public void On_this_kernel_too()
    {
        var time = new FakeTime();
        var scheduler = new SamplingScheduler(
            new SamplingOptions(), new SeriesTable(), new NullConsumer(), time, NullLoggerFactory.Instance, new LinuxRoots(), new FakeSleeper(time), SamplerCatalog.All);
        for (int i = 0; i < 100; i++)
        {
            time.Advance(TimeSpan.FromSeconds(1));
            scheduler.RunOnce();
        }

        // Processes, mounts and connections of others come and go meanwhile: the least of many stretches is the steady state.
        long least = long.MaxValue;
        for (int stretch = 0; stretch < 50 && least > 0; stretch++)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            for (int i = 0; i < 10; i++)
            {
                time.Advance(TimeSpan.FromSeconds(1));
                scheduler.RunOnce();
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
