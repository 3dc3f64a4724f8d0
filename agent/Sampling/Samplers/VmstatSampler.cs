using System.Runtime.CompilerServices;
using HostAgent.Agent.Linux;

namespace HostAgent.Agent.Sampling.Samplers;

/// <summary>Paging, swapping, page faults, reclaim and OOM kills from /proc/vmstat.</summary>
/// <remarks>Of its nearly 200 lines those that an operator acts on; the rest is in /proc/meminfo too or for kernel developers.</remarks>
internal sealed class VmstatSampler : Sampler
{
    private static readonly uint PageBytes = SysconfCall.PageBytes;
    private static readonly Metric PagedIn = new("host_paged_in_bytes_total", MetricType.Counter, "Read from block devices, swap included.", 1024);
    private static readonly Metric PagedOut = new("host_paged_out_bytes_total", MetricType.Counter, "Written to block devices, swap included.", 1024);
    private static readonly Metric SwappedIn = new("host_swapped_in_bytes_total", MetricType.Counter, "Read back from swap.", PageBytes);
    private static readonly Metric SwappedOut = new("host_swapped_out_bytes_total", MetricType.Counter, "Written to swap.", PageBytes);
    private static readonly Metric Faults = new("host_page_faults_total", MetricType.Counter, "Page faults, minor and major.");
    private static readonly Metric MajorFaults = new("host_major_page_faults_total", MetricType.Counter, "Page faults that had to read from disk.");
    private static readonly Metric OomKills = new("host_oom_kills_total", MetricType.Counter, "Processes killed because memory ran out, in the host or in a cgroup.");
    private static readonly Metric Scanned = new("host_reclaim_scanned_bytes_total", MetricType.Counter, "Memory looked at for reclaim, by kswapd in the background or by the allocating process (direct).", PageBytes);
    private static readonly Metric Reclaimed = new("host_reclaim_reclaimed_bytes_total", MetricType.Counter, "Memory reclaimed, by kswapd in the background or by the allocating process (direct).", PageBytes);
    private static readonly Metric Stalls = new("host_allocation_stalls_total", MetricType.Counter, "Allocations that had to wait for direct reclaim, by zone.");
    private static readonly Metric Refaults = new("host_workingset_refault_bytes_total", MetricType.Counter, "Memory read back soon after its eviction: the working set does not fit.", PageBytes);
    private static readonly Metric CompactStalls = new("host_compaction_stalls_total", MetricType.Counter, "Allocations that had to wait for memory compaction.");
    private static readonly Metric CompactFailures = new("host_compaction_failures_total", MetricType.Counter, "Memory compactions that did not help.");
    private static readonly Metric HugeFaults = new("host_huge_page_faults_total", MetricType.Counter, "Page faults served by a transparent huge page.");
    private static readonly Metric HugeFallbacks = new("host_huge_page_fallbacks_total", MetricType.Counter, "Page faults that found no huge page free.");

    private static readonly (string Key, Metric Metric, (string Name, string Value)[] Labels)[] Wanted =
    [
        ("pgpgin", PagedIn, []), ("pgpgout", PagedOut, []), ("pswpin", SwappedIn, []), ("pswpout", SwappedOut, []),
        ("pgfault", Faults, []), ("pgmajfault", MajorFaults, []), ("oom_kill", OomKills, []),
        ("pgscan_kswapd", Scanned, [("by", "kswapd")]), ("pgscan_direct", Scanned, [("by", "direct")]),
        ("pgsteal_kswapd", Reclaimed, [("by", "kswapd")]), ("pgsteal_direct", Reclaimed, [("by", "direct")]),
        ("allocstall_dma", Stalls, [("zone", "dma")]), ("allocstall_dma32", Stalls, [("zone", "dma32")]),
        ("allocstall_normal", Stalls, [("zone", "normal")]), ("allocstall_movable", Stalls, [("zone", "movable")]),
        ("workingset_refault_anon", Refaults, [("kind", "anon")]), ("workingset_refault_file", Refaults, [("kind", "file")]),
        ("compact_stall", CompactStalls, []), ("compact_fail", CompactFailures, []),
        ("thp_fault_alloc", HugeFaults, []), ("thp_fault_fallback", HugeFallbacks, []),
    ];

    private readonly KernelFile _file;
    private readonly KeyedNumbers _vmstat = new(Wanted.Select(one => one.Key));
    private readonly KeyedSeries _series = new([.. Wanted.Select(one => (one.Metric, one.Labels))]);

    private VmstatSampler(SamplerSetup setup) => _file = setup.Roots.ProcFile("vmstat");

    [ModuleInitializer]
    internal static void Register() => SamplerCatalog.Register(new SamplerDefinition
    {
        Name = "vmstat",
        Help = "Paging, swapping, page faults, reclaim and OOM kills from /proc/vmstat.",
        Metrics = [.. Wanted.Select(one => one.Metric).Distinct()],
        Create = setup => new VmstatSampler(setup),
    });

    public override SampleOutcome Sample(Tick tick)
    {
        if (!tick.TryRead(_file, out ReadOnlySpan<byte> text))
        {
            return Tick.OutcomeOf(_file);
        }

        if (_vmstat.Parse(text) is { } problem)
        {
            return Tick.Malformed(_file, problem);
        }

        _series.Set(tick, _vmstat);
        return SampleOutcome.Taken;
    }

    public override void Dispose() => _file.Dispose();
}
