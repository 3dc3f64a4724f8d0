using System.Runtime.CompilerServices;
using HostAgent.Agent.Linux;

namespace HostAgent.Agent.Sampling.Samplers;

/// <summary>What the agent itself costs and how its samplers fare; other rooms add their figures through <see cref="SelfMetrics"/>.</summary>
/// <remarks>Every 10 s: these are for judging the agent, and most change at every reading, so each reading costs bytes on the wire.</remarks>
internal sealed class SelfSampler : Sampler
{
    private static readonly Metric Cpu = new("hostagent_cpu_seconds_total", MetricType.Counter, "CPU time of the agent.", 1, 1_000_000_000);
    private static readonly Metric Resident = new("hostagent_resident_memory_bytes", MetricType.Gauge, "Memory of the agent that is resident.", SysconfCall.PageBytes);
    private static readonly Metric Heap = new("hostagent_gc_heap_bytes", MetricType.Gauge, "Managed memory of the agent.");
    private static readonly Metric Allocated = new("hostagent_gc_allocated_bytes_total", MetricType.Counter, "Managed memory allocated by the agent.");
    private static readonly Metric Collections = new("hostagent_gc_collections_total", MetricType.Counter, "Garbage collections by generation.");
    private static readonly Metric Switches = new("hostagent_context_switches_total", MetricType.Counter, "Context switches of the agent; each voluntary one ends in a wake-up.");
    private static readonly Metric Ticks = new("hostagent_ticks_total", MetricType.Counter, "Ticks with at least one sample.");
    private static readonly Metric Skipped = new("hostagent_ticks_skipped_total", MetricType.Counter, "Planned ticks that did not happen because the one before took too long or the host was too busy.");
    private static readonly Metric Jumps = new("hostagent_clock_jumps_total", MetricType.Counter, "Times that the wall clock was set.");
    private static readonly Metric Suspends = new("hostagent_suspends_total", MetricType.Counter, "Times that the machine was suspended.");
    private static readonly Metric Series = new("hostagent_series", MetricType.Gauge, "Series that have samples.");
    private static readonly Metric Duration = new("hostagent_sampler_duration_seconds", MetricType.Gauge, "Time that the last reading of a sampler took.", 1, 1_000_000_000);
    private static readonly Metric State = new("hostagent_sampler_state", MetricType.Gauge, "How the last reading of a sampler ended: 0 nothing to say on this host, 1 taken, 2 failed, 3 hangs.");
    private static readonly Metric Failures = new("hostagent_sampler_failures_total", MetricType.Counter, "Readings of a sampler that failed or hung.");

    private readonly KernelFile _statm;
    private readonly SamplingStatistics _statistics;
    private int[] _own = [];
    private int[] _samplers = [];
    private (Metric Metric, Func<long> Read)[] _registered = [];
    private int[] _registeredIds = [];

    private SelfSampler(SamplerSetup setup)
    {
        _statm = setup.Roots.ProcFile("self/statm");
        _statistics = setup.Statistics;
    }

    [ModuleInitializer]
    internal static void Register() => SamplerCatalog.Register(new SamplerDefinition
    {
        Name = "self",
        Help = "CPU, memory, wake-ups and samplers of the agent itself.",
        Metrics = [Cpu, Resident, Heap, Allocated, Collections, Switches, Ticks, Skipped, Jumps, Suspends, Series, Duration, State, Failures],
        Interval = TimeSpan.FromSeconds(10),
        ComesLast = true,
        Create = setup => new SelfSampler(setup),
    });

    public override SampleOutcome Sample(Tick tick)
    {
        if (!tick.TryRead(_statm, out ReadOnlySpan<byte> text))
        {
            return Tick.OutcomeOf(_statm);
        }

        if (!ProcSelf.TryResidentPages(text, out long resident))
        {
            return Tick.Malformed(_statm, "no two numbers");
        }

        if (_own.Length == 0)
        {
            Announce(tick);
        }

        SetOwn(tick.Table, resident);
        SetSamplers(tick.Table);
        SetRegistered(tick);
        return SampleOutcome.Taken;
    }

    public override void Dispose() => _statm.Dispose();

    private void SetOwn(SeriesTable table, long resident)
    {
        (long voluntary, long involuntary) = GetrusageCall.ContextSwitches();
        ReadOnlySpan<long> values =
        [
            ProcSelf.CpuNanoseconds, resident, GC.GetTotalMemory(false), GC.GetTotalAllocatedBytes(), GC.CollectionCount(0), GC.CollectionCount(1),
            GC.CollectionCount(2), voluntary, involuntary, _statistics.Ticks, _statistics.SkippedTicks, _statistics.ClockJumps,
            _statistics.Suspends, table.LiveCount,
        ];
        for (int i = 0; i < values.Length; i++)
        {
            table.Set(_own[i], values[i]);
        }
    }

    private void SetSamplers(SeriesTable table)
    {
        for (int i = 0; i < _statistics.Samplers.Length; i++)
        {
            SamplerStatistics one = _statistics.Samplers[i];
            table.Set(_samplers[3 * i], one.LastDurationNs);
            table.Set(_samplers[(3 * i) + 1], (long)one.State);
            table.Set(_samplers[(3 * i) + 2], one.Failures);
        }
    }

    private void SetRegistered(Tick tick)
    {
        if (_registered != SelfMetrics.Registered)
        {
            AnnounceRegistered(tick);
        }

        for (int i = 0; i < _registered.Length; i++)
        {
            tick.Table.Set(_registeredIds[i], _registered[i].Read());
        }
    }

    private void AnnounceRegistered(Tick tick)
    {
        // Registrations are only ever added, so the known ones keep their places and their series.
        _registered = SelfMetrics.Registered;
        _registeredIds = [.. _registeredIds, .. _registered.Skip(_registeredIds.Length).Select(one => tick.Table.Add(tick.Group, one.Metric))];
    }

    private void Announce(Tick tick)
    {
        int Add(Metric metric, params (string, string)[] labels) => tick.Table.Add(tick.Group, metric, labels);
        _own =
        [
            Add(Cpu), Add(Resident), Add(Heap), Add(Allocated), Add(Collections, ("generation", "0")), Add(Collections, ("generation", "1")),
            Add(Collections, ("generation", "2")), Add(Switches, ("kind", "voluntary")), Add(Switches, ("kind", "involuntary")),
            Add(Ticks), Add(Skipped), Add(Jumps), Add(Suspends), Add(Series),
        ];
        _samplers = [.. _statistics.Samplers.SelectMany(one =>
        {
            (string, string) label = ("sampler", one.Name);
            return new[] { Add(Duration, label), Add(State, label), Add(Failures, label) };
        })];
    }
}
