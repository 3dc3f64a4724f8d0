using System.Runtime.CompilerServices;
using HostAgent.Agent.Linux;

namespace HostAgent.Agent.Sampling.Samplers;

/// <summary>Open files of the whole host from /proc/sys/fs/file-nr.</summary>
/// <remarks>Every 10 s: the limit is in the millions on any host of today, so a minute's warning is plenty.
/// proc_sys_fs(5): <c>allocated free maximum</c>; free has been 0 since 2.6.</remarks>
internal sealed class FiledescriptorSampler : Sampler
{
    private static readonly Metric Allocated = new("host_file_descriptors_allocated", MetricType.Gauge, "Open files of all processes.");
    private static readonly Metric Maximum = new("host_file_descriptors_maximum", MetricType.Gauge, "Open files that the kernel allows (fs.file-max).");

    private readonly KernelFile _file;
    private readonly ColumnSeries _series = new([Allocated, Maximum]);
    private readonly long[] _values = new long[2];

    private FiledescriptorSampler(SamplerSetup setup) => _file = setup.Roots.ProcFile("sys/fs/file-nr");

    [ModuleInitializer]
    internal static void Register() => SamplerCatalog.Register(new SamplerDefinition
    {
        Name = "filedescriptor",
        Help = "Open files of the whole host and their limit from /proc/sys/fs/file-nr.",
        Metrics = [Allocated, Maximum],
        Interval = TimeSpan.FromSeconds(10),
        Create = setup => new FiledescriptorSampler(setup),
    });

    public override SampleOutcome Sample(Tick tick)
    {
        if (!tick.TryRead(_file, out ReadOnlySpan<byte> text))
        {
            return Tick.OutcomeOf(_file);
        }

        if (!TryParse(text, out _values[0], out _values[1]))
        {
            return Tick.Malformed(_file, "no three numbers");
        }

        _series.Set(tick, _values);
        return SampleOutcome.Taken;
    }

    public override void Dispose() => _file.Dispose();

    internal static bool TryParse(ReadOnlySpan<byte> text, out long open, out long maximum)
    {
        open = maximum = 0;
        if (!KernelText.IsWhole(text) || !KernelText.TakeLine(ref text, out ReadOnlySpan<byte> line)
            || !KernelText.TakeNumber(ref line, out long allocated) || !KernelText.TakeNumber(ref line, out long free)
            || !KernelText.TakeNumber(ref line, out maximum))
        {
            return false;
        }

        open = allocated - free;
        return allocated >= 0 && free >= 0 && free <= allocated && maximum >= 0;
    }
}
