using System.Globalization;
using System.Runtime.CompilerServices;
using HostAgent.Agent.Linux;

namespace HostAgent.Agent.Sampling.Samplers;

/// <summary>CPU time of the whole host and of each core by mode, and the kernel's other counts in /proc/stat.</summary>
internal sealed class CpuSampler : Sampler
{
    private static readonly uint Hertz = SysconfCall.ClockTicksPerSecond;
    private static readonly Metric AllSeconds = new("host_cpu_all_seconds_total", MetricType.Counter, "CPU time of all cores together by mode; guest time is part of user and nice.", 1, Hertz);
    private static readonly Metric CoreSeconds = new("host_cpu_seconds_total", MetricType.Counter, "CPU time of each core by mode; guest time is part of user and nice.", 1, Hertz);
    private static readonly Metric GuestSeconds = new("host_cpu_guest_seconds_total", MetricType.Counter, "CPU time of all cores together spent running virtual machines, by mode.", 1, Hertz);
    private static readonly Metric Online = new("host_cpu_cores", MetricType.Gauge, "Cores that are online.");
    private static readonly Metric ContextSwitches = new("host_context_switches_total", MetricType.Counter, "Context switches.");
    private static readonly Metric Interrupts = new("host_interrupts_total", MetricType.Counter, "Interrupts serviced.");
    private static readonly Metric SoftInterrupts = new("host_soft_interrupts_total", MetricType.Counter, "Soft interrupts serviced.");
    private static readonly Metric Forks = new("host_forks_total", MetricType.Counter, "Processes and threads created.");
    private static readonly Metric Running = new("host_processes_running", MetricType.Gauge, "Threads that are runnable at the moment.");
    private static readonly Metric Blocked = new("host_processes_blocked", MetricType.Gauge, "Threads that wait for I/O at the moment.");
    private static readonly Metric BootTime = new("host_boot_time_seconds", MetricType.Gauge, "When the kernel started, in seconds since 1970.");

    // Columns 0 to 7; 8 and 9 are guest time.
    private static readonly string[] Modes = ["user", "nice", "system", "idle", "iowait", "irq", "softirq", "steal"];

    // iowait and idle go back a little now and then (proc_stat(5)); what looks like a counter reset to a reader would be a spike.
    private static readonly long LargestStepBack = 3 * Hertz;

    private readonly KernelFile _file;
    private readonly ProcStat _stat = new();
    private readonly int _maxCores;
    private readonly int[] _all = new int[ProcStat.Columns];
    private readonly (Metric Metric, Func<ProcStat, long> Value, int Id)[] _counts =
    [
        (ContextSwitches, stat => stat.ContextSwitches, -1), (Interrupts, stat => stat.Interrupts, -1),
        (SoftInterrupts, stat => stat.SoftInterrupts, -1), (Forks, stat => stat.Forks, -1), (Running, stat => stat.Running, -1),
        (Blocked, stat => stat.Blocked, -1), (BootTime, stat => stat.BootTimeSeconds, -1), (Online, stat => stat.CoreCount, -1),
    ];

    private int[] _cores = [];
    private int[][] _coreIds = [];
    private bool _announced;

    private CpuSampler(SamplerSetup setup)
    {
        _file = setup.Roots.ProcFile("stat");
        _maxCores = setup.Count("max_cores");
    }

    [ModuleInitializer]
    internal static void Register() => SamplerCatalog.Register(new SamplerDefinition
    {
        Name = "cpu",
        Help = "CPU time by mode, context switches, interrupts, forks and running threads from /proc/stat.",
        Metrics = [AllSeconds, CoreSeconds, GuestSeconds, ContextSwitches, Interrupts, SoftInterrupts, Forks, Running, Blocked, BootTime, Online],
        Options = [new("max_cores", SamplerOptionKind.Count, "64", "A host with more cores than this has no series per core; 0: none has.")],
        Create = setup => new CpuSampler(setup),
    });

    public override SampleOutcome Sample(Tick tick)
    {
        if (!tick.TryRead(_file, out ReadOnlySpan<byte> text))
        {
            return Tick.OutcomeOf(_file);
        }

        if (_stat.Parse(text) is { } problem)
        {
            return Tick.Malformed(_file, problem);
        }

        if (!_announced)
        {
            Announce(tick);
        }

        Store(tick.Table, _all, _stat.Total);
        foreach ((_, Func<ProcStat, long> value, int id) in _counts)
        {
            if (id >= 0)
            {
                tick.Table.Set(id, value(_stat));
            }
        }

        ReadOnlySpan<int> cores = _stat.CoreCount <= _maxCores ? _stat.Cores : [];
        if (!cores.SequenceEqual(_cores))
        {
            AnnounceCores(tick, cores);
        }

        for (int i = 0; i < cores.Length; i++)
        {
            Store(tick.Table, _coreIds[i], _stat.CoreTicks(i));
        }

        return SampleOutcome.Taken;
    }

    public override void Dispose() => _file.Dispose();

    private static void Store(SeriesTable table, ReadOnlySpan<int> ids, ReadOnlySpan<long> ticks)
    {
        for (int mode = 0; mode < ids.Length; mode++)
        {
            long back = table.Raw[ids[mode]] - ticks[mode];
            if (back <= 0 || back > LargestStepBack)
            {
                table.Set(ids[mode], ticks[mode]);
            }
        }
    }

    private void Announce(Tick tick)
    {
        for (int mode = 0; mode < Modes.Length; mode++)
        {
            _all[mode] = tick.Table.Add(tick.Group, AllSeconds, ("mode", Modes[mode]));
        }

        _all[8] = tick.Table.Add(tick.Group, GuestSeconds, ("mode", "user"));
        _all[9] = tick.Table.Add(tick.Group, GuestSeconds, ("mode", "nice"));
        for (int i = 0; i < _counts.Length; i++)
        {
            if (_counts[i].Value(_stat) >= 0)
            {
                _counts[i].Id = tick.Table.Add(tick.Group, _counts[i].Metric);
            }
        }

        _announced = true;
    }

    // Cores go offline and come back rarely: those that went end, those that came begin, the others go on.
    private void AnnounceCores(Tick tick, ReadOnlySpan<int> cores)
    {
        int[][] ids = new int[cores.Length][];
        for (int i = 0; i < cores.Length; i++)
        {
            int known = Array.IndexOf(_cores, cores[i]);
            ids[i] = known >= 0 ? _coreIds[known] : AddCore(tick, cores[i]);
        }

        for (int i = 0; i < _cores.Length; i++)
        {
            if (!cores.Contains(_cores[i]))
            {
                Array.ForEach(_coreIds[i], tick.Table.End);
            }
        }

        _cores = cores.ToArray();
        _coreIds = ids;
    }

    private static int[] AddCore(Tick tick, int core)
    {
        int[] ids = new int[Modes.Length];
        for (int mode = 0; mode < Modes.Length; mode++)
        {
            ids[mode] = tick.Table.Add(tick.Group, CoreSeconds, ("cpu", core.ToString(CultureInfo.InvariantCulture)), ("mode", Modes[mode]));
        }

        return ids;
    }
}
