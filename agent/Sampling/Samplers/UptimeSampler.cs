using System.Runtime.CompilerServices;
using HostAgent.Agent.Linux;

namespace HostAgent.Agent.Sampling.Samplers;

/// <summary>How long the host has been up, time spent suspended included.</summary>
/// <remarks>Every 10 s: it changes at every reading, so each one costs bytes on the wire, and
/// <c>host_boot_time_seconds</c> says the same. proc_uptime(5): <c>998.76 1707.48</c>: up, and idle summed over all cores.</remarks>
internal sealed class UptimeSampler : Sampler
{
    private static readonly Metric Uptime = new("host_uptime_seconds", MetricType.Gauge, "Time since the kernel started.", 1, 100);

    private readonly KernelFile _file;
    private int _id = -1;

    private UptimeSampler(SamplerSetup setup) => _file = setup.Roots.ProcFile("uptime");

    [ModuleInitializer]
    internal static void Register() => SamplerCatalog.Register(new SamplerDefinition
    {
        Name = "uptime",
        Help = "Time since the kernel started from /proc/uptime.",
        Metrics = [Uptime],
        Interval = TimeSpan.FromSeconds(10),
        Create = setup => new UptimeSampler(setup),
    });

    public override SampleOutcome Sample(Tick tick)
    {
        if (!tick.TryRead(_file, out ReadOnlySpan<byte> text))
        {
            return Tick.OutcomeOf(_file);
        }

        if (!KernelText.IsWhole(text) || !KernelText.TakeDecimal(ref text, 2, out long hundredths))
        {
            return Tick.Malformed(_file, "no time with two decimals");
        }

        if (_id < 0)
        {
            _id = tick.Table.Add(tick.Group, Uptime);
        }

        tick.Table.Set(_id, hundredths);
        return SampleOutcome.Taken;
    }

    public override void Dispose() => _file.Dispose();
}
