namespace HostAgent.Agent.Sampling;

/// <summary>What a sampler advertises about one metric: one instance per name, <c>static readonly</c> in the sampler's file.
/// A series carries the kernel's own integer; the metric says how to read it: value = raw × multiplier ÷ divisor.</summary>
/// <param name="Name">Prometheus name in base units: <c>host_</c> and a unit, counters end in <c>_total</c>.</param>
/// <param name="Type">Gauge, counter or info; the number on the wire.</param>
/// <param name="Help">One sentence for people, with the source where it is not obvious.</param>
/// <param name="Multiplier">Raw units to base units, for example 1024 for KiB to bytes.</param>
/// <param name="Divisor">Raw units to base units, for example 1000 for milliseconds to seconds.</param>
/// <param name="IsFloat">The raw value is the bits of an IEEE double; multiplier and divisor are then 1.</param>
public sealed record Metric(
    string Name, MetricType Type, string Help, uint Multiplier = 1, uint Divisor = 1, bool IsFloat = false)
{
    /// <summary>The value in base units that <paramref name="raw"/> stands for.</summary>
    public double ValueOf(long raw) => IsFloat ? BitConverter.Int64BitsToDouble(raw) : (double)raw * Multiplier / Divisor;
}
