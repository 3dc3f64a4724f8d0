using BenchmarkDotNet.Attributes;
using HostAgent.Agent.Linux;
using HostAgent.Agent.Sampling;
using HostAgent.SamplingBench;
using Microsoft.Extensions.Logging.Abstractions;

namespace HostAgent.Benchmarks;

/// <summary>One second of the agent: every sampler that is due, over files that stand still, so that no kernel changes the figure.</summary>
public class TickBenchmark
{
    private readonly SteppingTime _time = new();
    private SamplingScheduler? _scheduler;

    /// <summary>Builds the agent's sampling half as the program does.</summary>
    [GlobalSetup]
    public void Setup()
    {
        string root = Path.Combine(AppContext.BaseDirectory, "Fixtures");
        var roots = new LinuxRoots { Proc = $"{root}/proc", Sys = $"{root}/sys" };
        _scheduler = new SamplingScheduler(
            new SamplingOptions(), new SeriesTable(), new NullConsumer(), _time, NullLoggerFactory.Instance, roots, new NoSleeper(), SamplerCatalog.All);
    }

    /// <summary>The tick.</summary>
    [Benchmark]
    public void Tick()
    {
        _time.Step(TimeSpan.FromSeconds(1));
        _scheduler!.RunOnce();
    }
}
