using System.Runtime.CompilerServices;
using HostAgent.Agent.Linux;

namespace HostAgent.Agent.Sampling.Samplers;

/// <summary>Entropy of the kernel's random number generator.</summary>
/// <remarks>Every 10 s: since 5.18 the pool stays full once it has been filled, so this only tells on old kernels and just after boot. random(4):
/// <c>entropy_avail</c> and <c>poolsize</c> are in bits.</remarks>
internal sealed class EntropySampler : Sampler
{
    private static readonly Metric Available = new("host_entropy_available_bits", MetricType.Gauge, "Entropy of the kernel's random number generator.");
    private static readonly Metric PoolSize = new("host_entropy_pool_size_bits", MetricType.Gauge, "Size of the pool: the most entropy there can be.");

    private readonly KernelFile[] _files;
    private readonly ColumnSeries _series = new([Available, PoolSize]);
    private readonly long[] _values = new long[2];

    private EntropySampler(SamplerSetup setup) =>
        _files = [setup.Roots.ProcFile("sys/kernel/random/entropy_avail"), setup.Roots.ProcFile("sys/kernel/random/poolsize")];

    [ModuleInitializer]
    internal static void Register() => SamplerCatalog.Register(new SamplerDefinition
    {
        Name = "entropy",
        Help = "Entropy of the kernel's random number generator from /proc/sys/kernel/random.",
        Metrics = [Available, PoolSize],
        Interval = TimeSpan.FromSeconds(10),
        Create = setup => new EntropySampler(setup),
    });

    public override SampleOutcome Sample(Tick tick)
    {
        for (int i = 0; i < _files.Length; i++)
        {
            if (!tick.TryRead(_files[i], out ReadOnlySpan<byte> text))
            {
                return Tick.OutcomeOf(_files[i]);
            }

            if (!KernelText.TryOneNumber(text, out _values[i]))
            {
                return Tick.Malformed(_files[i], "no number");
            }
        }

        _series.Set(tick, _values);
        return SampleOutcome.Taken;
    }

    public override void Dispose() => Array.ForEach(_files, file => file.Dispose());
}
