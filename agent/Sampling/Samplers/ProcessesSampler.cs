using System.Runtime.CompilerServices;
using System.Text;
using HostAgent.Agent.Linux;
using HostAgent.Agent.Sampling.Processes;

namespace HostAgent.Agent.Sampling.Samplers;

/// <summary>What the groups of processes that the operator names use, whether their memory keeps growing, and the largest processes of the host.</summary>
/// <remarks>Without groups nobody waits for it: then the pause after a scan is at least 60,000 times the CPU time that it took, up to 1 min, so that the
/// lists of the largest cost 0.002 % of a core, and 0.01 % where there are thousands of processes.</remarks>
internal sealed class ProcessesSampler : Sampler
{
    private const int PauseOverScan = 60_000;
    private const long LongestPauseMs = 60_000;
    private const double LeastCpuRate = 0.01;
    private const double LeastMemoryBytes = 1024 * 1024;
    private const long MinGrowthWindowMinutes = 10;

    private static readonly Metric TopCpu = new("process_top_cpu_seconds_total", MetricType.Counter, "CPU time of the processes that use most of it.", 1, SysconfCall.ClockTicksPerSecond);
    private static readonly Metric TopMemory = new("process_top_resident_memory_bytes", MetricType.Gauge, "Resident memory of the processes that have most of it.", SysconfCall.PageBytes);
    private static readonly Metric Hidden = new("process_unreadable", MetricType.Gauge, "Processes that are listed but that this agent may not read or cannot make sense of: what they use is missing here.");

    private readonly PidList _list;
    private readonly GroupRoster _roster;
    private readonly ProcessScan _scan;
    private readonly MemberDetails _details;
    private readonly TopList[] _tops;
    private readonly KernelFile _statFile;
    private readonly ProcStat _stat = new();
    private readonly OptionalSeries _hidden = new(Hidden);
    private readonly byte[] _buffer = new byte[4096];
    private readonly Func<Tick, WatchedProcess, (string Name, string Value)[]> _labels;
    private readonly Func<Tick, long, long?> _startTime;
    private readonly long _began;
    private long _pauseMs;
    private long _lastMs;

    private ProcessesSampler(SamplerSetup setup)
    {
        double[] scratch = MemoryGrowth.NewScratch();
        TimeSpan window = TimeSpan.FromMinutes(Math.Max(MinGrowthWindowMinutes, setup.Count("growth_window_minutes")));
        ProcessGroup[] groups = [.. setup.Named("groups").Take(GroupRoster.MaxGroups)
            .Select(one => new ProcessGroup(one.Name, GroupRule.Parse(one.Text)!, new MemoryGrowth(window, scratch)))];
        int top = setup.Count("top");
        _tops =
        [
            new TopList(0, top, TopCpu, process => process.CpuRate, LeastCpuRate, process => process.Stat.CpuTicks),
            new TopList(1, top, TopMemory, process => process.ResidentBytes, LeastMemoryBytes, process => process.Stat.ResidentPages),
        ];
        _list = new PidList(setup.Roots.Proc);
        var files = new ProcessFiles(_list);
        _roster = new GroupRoster(groups, setup.Roots.Tree);
        _scan = new ProcessScan(_list, files, _roster, _tops, (int)Math.Min(setup.Count("max_open_files"), SysconfCall.MaxDescriptors / 2));
        _details = new MemberDetails(files, _roster, setup.Flag("proportional"), setup.Count("max_proportional_mib") * 1024L * 1024);
        _statFile = setup.Roots.ProcFile("stat");
        _labels = LabelsOf;
        _startTime = StartTime;
        _began = setup.Time.GetTimestamp();
    }

    [ModuleInitializer]
    internal static void Register() => SamplerCatalog.Register(new SamplerDefinition
    {
        Name = "processes",
        Help = "Groups of processes, and the largest processes, from /proc/PID; every 5 s, and about once a minute without groups.",
        Metrics = [.. ProcessGroupMetrics.All, TopCpu, TopMemory, Hidden],
        Interval = TimeSpan.FromSeconds(5),
        Options =
        [
            new("groups", SamplerOptionKind.Named, "", $"Groups to watch, at most {GroupRoster.MaxGroups}: \"NAME: RULE\", the rule {GroupRule.Form}.") { Check = GroupRule.Check },
            new("top", SamplerOptionKind.Count, "5", "How many processes the list by CPU and the list by memory show each; 0: none."),
            new("growth_window_minutes", SamplerOptionKind.Count, "120", "Over how many minutes, 10 or more, the growth of a group's memory is judged."),
            new("proportional", SamplerOptionKind.Flag, "true", "Whether the proportional memory (PSS) of groups is read, each process's every 5 min."),
            new("max_proportional_mib", SamplerOptionKind.Count, "512", "Processes with more MiB than this are not asked for it: the kernel holds up the process meanwhile."),
            new("max_open_files", SamplerOptionKind.Count, "4096", "How many stat files of members are kept open, but at most half of the descriptors that the agent may have: reading one again costs half of opening it."),
        ],
        Create = setup => new ProcessesSampler(setup),
    });

    public override SampleOutcome Sample(Tick tick)
    {
        if (tick.UnixMs - _lastMs < _pauseMs && tick.UnixMs >= _lastMs)
        {
            return SampleOutcome.Skipped;
        }

        TimeSpan started = ClockGettimeCall.ThreadCpu;
        int error = -_scan.Run(tick);
        if (error != 0)
        {
            return Errno.MeansAbsent(error) ? SampleOutcome.NothingToSay("there is no procfs") : SampleOutcome.Failed($"listing processes: {Errno.Describe(error)}");
        }

        if (_roster.Groups.Length > 0)
        {
            _details.Read(tick, _scan.All);
            StoreGroups(tick);
        }

        foreach (TopList top in _tops)
        {
            top.Update(tick, _scan.All, _labels);
        }

        _hidden.Set(tick, _scan.Unreadable);
        _lastMs = tick.UnixMs;
        _pauseMs = _roster.Groups.Length > 0
            ? 0 : Math.Min((long)((ClockGettimeCall.ThreadCpu - started).TotalMilliseconds * PauseOverScan), LongestPauseMs);
        return SampleOutcome.Taken;
    }

    public override void Dispose()
    {
        _scan.Dispose();
        _list.Dispose();
        _statFile.Dispose();
    }

    private void StoreGroups(Tick tick)
    {
        TimeSpan now = tick.Time.GetElapsedTime(_began);
        _roster.Sum(_scan.All);
        foreach (ProcessGroup group in _roster.Groups)
        {
            group.Store(tick, now, SysconfCall.PageBytes, _startTime);
        }
    }

    private (string Name, string Value)[] LabelsOf(Tick tick, WatchedProcess process)
    {
        tick.Gate.Enter();
        int count = _scan.Files.Read(process.Pid, "/cgroup\0"u8, _buffer);
        tick.Gate.Leave();
        CgroupOwner owner = count > 0 ? CgroupOwner.Of(ProcPidCgroup.PathOf(_buffer.AsSpan(0, count))) : CgroupOwner.Nobody;
        return
        [
            ("process", Encoding.UTF8.GetString(process.Name)), ("pid", process.Pid.ToString(System.Globalization.CultureInfo.InvariantCulture)),
            .. owner.Unit.Length > 0 ? [("unit", owner.Unit)] : Array.Empty<(string, string)>(),
            .. owner.Container.Length > 0 ? [("container", owner.Container)] : Array.Empty<(string, string)>(),
        ];
    }

    private long? StartTime(Tick tick, long startTicks) =>
        tick.TryRead(_statFile, out ReadOnlySpan<byte> text) && _stat.Parse(text) is null
            ? _stat.BootTimeSeconds + (startTicks / SysconfCall.ClockTicksPerSecond) : null;
}
