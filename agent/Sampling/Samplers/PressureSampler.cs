using System.Runtime.CompilerServices;
using HostAgent.Agent.Linux;

namespace HostAgent.Agent.Sampling.Samplers;

/// <summary>Pressure stall totals (PSI): how long work waited for CPU, memory and I/O.</summary>
/// <remarks>Only totals: the kernel's averages over 10, 60 and 300 seconds follow from them.</remarks>
internal sealed class PressureSampler : Sampler
{
    private static readonly Metric Seconds = new("host_pressure_stall_seconds_total", MetricType.Counter, "Time during which some, or all (full), work waited for the resource.", 1, 1_000_000);
    private static readonly string[] Resources = ["cpu", "io", "memory"];

    private readonly KernelFile[] _files;
    private readonly int[] _some = [-1, -1, -1];
    private readonly int[] _full = [-1, -1, -1];

    private PressureSampler(SamplerSetup setup) => _files = [.. Resources.Select(resource => setup.Roots.ProcFile($"pressure/{resource}"))];

    [ModuleInitializer]
    internal static void Register() => SamplerCatalog.Register(new SamplerDefinition
    {
        Name = "pressure",
        Help = "Time that work waited for CPU, memory and I/O from /proc/pressure.",
        Metrics = [Seconds],
        Create = setup => new PressureSampler(setup),
    });

    public override SampleOutcome Sample(Tick tick)
    {
        for (int i = 0; i < _files.Length; i++)
        {
            if (!tick.TryRead(_files[i], out ReadOnlySpan<byte> text))
            {
                return Tick.OutcomeOf(_files[i]);
            }

            ProcPressure pressure = default;
            if (pressure.Parse(text) is { } problem)
            {
                return Tick.Malformed(_files[i], problem);
            }

            Set(tick, ref _some[i], pressure.SomeUs, Resources[i], "some");
            Set(tick, ref _full[i], pressure.FullUs, Resources[i], "full");
        }

        return SampleOutcome.Taken;
    }

    public override void Dispose() => Array.ForEach(_files, file => file.Dispose());

    private static void Set(Tick tick, ref int id, long value, string resource, string stall)
    {
        if (value < 0)
        {
            return;
        }

        if (id < 0)
        {
            id = tick.Table.Add(tick.Group, Seconds, ("resource", resource), ("stall", stall));
        }

        tick.Table.Set(id, value);
    }
}
