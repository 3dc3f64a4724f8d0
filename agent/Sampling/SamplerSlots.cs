using HostAgent.Agent.Linux;
using Microsoft.Extensions.Logging;

namespace HostAgent.Agent.Sampling;

/// <summary>Turns the catalog and the operator's options into the scheduler's slots.</summary>
internal static class SamplerSlots
{
    private static readonly SamplerSettings Defaults = new();
    private static readonly TimeSpan DefaultTimeout = TimeSpan.FromSeconds(2);

    /// <summary>Time between two readings of a sampler: the operator's, or its own default but never shorter than the general one.</summary>
    public static TimeSpan IntervalOf(SamplerDefinition definition, SamplingOptions options)
    {
        SamplerSettings settings = options.Samplers.GetValueOrDefault(definition.Name, Defaults);
        TimeSpan own = definition.Interval ?? options.Interval;
        return settings.Interval ?? (own > options.Interval ? RoundUp(own, options.Interval) : options.Interval);
    }

    /// <summary>One slot, with its group in the table, for each enabled sampler.</summary>
    public static SamplerSlot[] Make(
        SamplingOptions options, SeriesTable table, TimeProvider time, ILoggerFactory logs, LinuxRoots roots,
        SamplingStatistics statistics, IReadOnlyList<SamplerDefinition> catalog)
    {
        List<SamplerSlot> slots = [];
        foreach (SamplerDefinition definition in catalog.OrderBy(one => one.ComesLast))
        {
            SamplerSettings settings = options.Samplers.GetValueOrDefault(definition.Name, Defaults);
            if (settings.Enabled is false)
            {
                continue;
            }

            TimeSpan interval = IntervalOf(definition, options);
            var setup = new SamplerSetup
            {
                Definition = definition,
                Roots = roots,
                Time = time,
                Log = logs.CreateLogger($"HostAgent.Agent.Sampling.{definition.Name}"),
                Statistics = statistics,
                Values = settings.Values,
            };
            slots.Add(new SamplerSlot(
                setup, table.AddGroup(definition.Name, interval), interval, settings.Timeout ?? DefaultTimeout, new SamplerStatistics(definition.Name)));
        }

        statistics.Samplers = [.. slots.Select(slot => slot.Statistics)];
        return [.. slots];
    }

    // 10 s of a sampler become 12 s when the general interval is 3 s: every interval is a multiple of the shortest.
    private static TimeSpan RoundUp(TimeSpan interval, TimeSpan unit) => unit * Math.Ceiling(interval / unit);
}
