using HostAgent.Agent.Linux;

namespace HostAgent.Agent.Sampling.Processes;

/// <summary>The metrics that every watched group has.</summary>
internal static class ProcessGroupMetrics
{
    /// <summary>The states that are told apart, each with the kernel's letters for it; the last takes what is none of the others.</summary>
    public static readonly (string Letters, string State)[] States =
        [("R", "running"), ("SI", "sleeping"), ("D", "blocked"), ("Z", "zombie"), ("Tt", "stopped"), ("", "other")];

    public static readonly Metric Processes = Gauge("process_group_processes", "Processes of the group.");
    public static readonly Metric State = Gauge("process_group_state_processes", "Processes of the group by state.");
    public static readonly Metric Threads = Gauge("process_group_threads", "Threads of the group.");
    public static readonly Metric Resident = new("process_group_resident_memory_bytes", MetricType.Gauge, "Resident memory of the group; pages that its processes share count in each.", SysconfCall.PageBytes);
    public static readonly Metric Proportional = Gauge("process_group_proportional_memory_bytes", "Memory of the group in which a page that several processes share counts once among them (PSS); some minutes old.");
    public static readonly Metric Descriptors = Gauge("process_group_open_descriptors", "Open file descriptors of the group.");
    public static readonly Metric Oldest = Gauge("process_group_oldest_start_time_seconds", "When the oldest process of the group started, in seconds since 1970.");
    public static readonly Metric Cpu = new("process_group_cpu_seconds_total", MetricType.Counter, "CPU time of the group, of processes that have ended too.", 1, SysconfCall.ClockTicksPerSecond);
    public static readonly Metric Read = Counter("process_group_read_bytes_total", "Bytes that the group made storage read.");
    public static readonly Metric Written = Counter("process_group_written_bytes_total", "Bytes that the group made storage write.");
    public static readonly Metric Started = Counter("process_group_started_total", "Processes that have joined the group since the agent started.");
    public static readonly Metric Ended = Counter("process_group_ended_total", "Processes of the group that have ended.");
    public static readonly Metric Restarts = Counter("process_group_restarts_total", "Times that a process of the group which is not the child of another one of it was replaced by a new one.");
    public static readonly Metric Unreadable = Gauge("process_group_unreadable_processes", "Processes of the group whose descriptors and I/O this agent may not see: the series of those end meanwhile.");
    public static readonly Metric Error = Gauge("process_group_error", "1 when it cannot be told which processes belong to the group: its PID file cannot be read or holds no number.");
    public static readonly Metric Growth = new("process_group_memory_growth_bytes_per_hour", MetricType.Gauge, "Lasting growth of the group's resident memory, as a robust slope over the window; 0 when it grew and then stood still.", IsFloat: true);
    public static readonly Metric Confidence = new("process_group_memory_growth_confidence", MetricType.Gauge, "How sure the growth is, from 0 to 1: from 0.99 on it is worth an alert.", IsFloat: true);

    /// <summary>All of them.</summary>
    public static IReadOnlyList<Metric> All =>
    [
        Processes, State, Threads, Resident, Proportional, Descriptors, Oldest, Cpu, Read, Written, Started, Ended, Restarts, Unreadable, Error,
        Growth, Confidence,
    ];

    private static Metric Gauge(string name, string help) => new(name, MetricType.Gauge, help);

    private static Metric Counter(string name, string help) => new(name, MetricType.Counter, help);
}
