using System.Runtime.CompilerServices;
using HostAgent.Agent.Linux;

namespace HostAgent.Agent.Sampling.Samplers;

/// <summary>Load averages and the number of threads from /proc/loadavg.</summary>
internal sealed class LoadSampler : Sampler
{
    private static readonly Metric Load1 = new("host_load1", MetricType.Gauge, "Threads that ran, wanted to, or waited for disk, averaged over 1 minute.", 1, 100);
    private static readonly Metric Load5 = new("host_load5", MetricType.Gauge, "The same over 5 minutes.", 1, 100);
    private static readonly Metric Load15 = new("host_load15", MetricType.Gauge, "The same over 15 minutes.", 1, 100);
    private static readonly Metric Threads = new("host_threads", MetricType.Gauge, "Threads of all processes, the kernel's own included.");

    private readonly KernelFile _file;
    private int[]? _ids;

    private LoadSampler(SamplerSetup setup) => _file = setup.Roots.ProcFile("loadavg");

    [ModuleInitializer]
    internal static void Register() => SamplerCatalog.Register(new SamplerDefinition
    {
        Name = "load",
        Help = "Load averages and the number of threads from /proc/loadavg.",
        Metrics = [Load1, Load5, Load15, Threads],
        Create = setup => new LoadSampler(setup),
    });

    public override SampleOutcome Sample(Tick tick)
    {
        if (!tick.TryRead(_file, out ReadOnlySpan<byte> text))
        {
            return Tick.OutcomeOf(_file);
        }

        ProcLoadavg load = default;
        if (load.Parse(text) is { } problem)
        {
            return Tick.Malformed(_file, problem);
        }

        _ids ??= Announce(tick);
        tick.Table.Set(_ids[0], load.Load1);
        tick.Table.Set(_ids[1], load.Load5);
        tick.Table.Set(_ids[2], load.Load15);
        tick.Table.Set(_ids[3], load.Threads);
        return SampleOutcome.Taken;
    }

    public override void Dispose() => _file.Dispose();

    private static int[] Announce(Tick tick) => [.. new[] { Load1, Load5, Load15, Threads }.Select(metric => tick.Table.Add(tick.Group, metric))];
}
