using System.Runtime.CompilerServices;
using HostAgent.Agent.Linux;

namespace HostAgent.Agent.Sampling.Samplers;

/// <summary>Memory of the host from /proc/meminfo.</summary>
/// <remarks>Left out because they say nothing for years: NFS_Unstable, Bounce and WritebackTmp (always 0 today), VmallocTotal and
/// VmallocChunk (constants), DirectMap* (how the kernel maps itself).</remarks>
internal sealed class MemorySampler : Sampler
{
    private static readonly (string Key, Metric Metric)[] Wanted =
    [
        Bytes("MemTotal", "total", "Usable memory."),
        Bytes("MemFree", "free", "Memory that is not used at all."),
        Bytes("MemAvailable", "available", "Memory that new programs can have without swapping (the kernel's estimate)."),
        Bytes("Buffers", "buffers", "Cache of raw block devices."),
        Bytes("Cached", "cached", "Page cache, shared memory included."),
        Bytes("SwapCached", "swap_cached", "Swapped out and back in, still in swap too."),
        Bytes("Active", "active", "Used recently."),
        Bytes("Inactive", "inactive", "Not used recently: reclaimed first."),
        Bytes("Active(anon)", "active_anon", "Anonymous memory used recently."),
        Bytes("Inactive(anon)", "inactive_anon", "Anonymous memory not used recently."),
        Bytes("Active(file)", "active_file", "Page cache used recently."),
        Bytes("Inactive(file)", "inactive_file", "Page cache not used recently."),
        Bytes("Unevictable", "unevictable", "Memory that cannot be reclaimed."),
        Bytes("Mlocked", "mlocked", "Memory locked by mlock(2)."),
        Bytes("SwapTotal", "swap_total", "Swap space."),
        Bytes("SwapFree", "swap_free", "Swap space that is not used."),
        Bytes("Zswap", "zswap", "Memory taken by compressed swap pages."),
        Bytes("Zswapped", "zswapped", "Size of the pages in zswap before compression."),
        Bytes("Dirty", "dirty", "Waits to be written to disk."),
        Bytes("Writeback", "writeback", "Being written to disk."),
        Bytes("AnonPages", "anon", "Anonymous memory in page tables."),
        Bytes("Mapped", "mapped", "Files mapped into processes."),
        Bytes("Shmem", "shared", "Shared memory and tmpfs."),
        Bytes("KReclaimable", "kernel_reclaimable", "Kernel memory that can be reclaimed."),
        Bytes("Slab", "slab", "Kernel objects."),
        Bytes("SReclaimable", "slab_reclaimable", "Kernel objects that can be reclaimed."),
        Bytes("SUnreclaim", "slab_unreclaimable", "Kernel objects that cannot be reclaimed."),
        Bytes("KernelStack", "kernel_stack", "Kernel stacks of all threads."),
        Bytes("PageTables", "page_tables", "Page tables."),
        Bytes("SecPageTables", "secondary_page_tables", "Page tables of virtual machines and devices."),
        Bytes("CommitLimit", "commit_limit", "Most memory that can be promised under strict overcommit."),
        Bytes("Committed_AS", "committed", "Memory promised to processes."),
        Bytes("VmallocUsed", "vmalloc_used", "Kernel virtual memory in use."),
        Bytes("Percpu", "percpu", "Per-CPU allocations of the kernel."),
        Bytes("HardwareCorrupted", "hardware_corrupted", "Memory taken out of use because the hardware reported it broken."),
        Bytes("AnonHugePages", "anon_huge", "Anonymous memory in transparent huge pages."),
        Bytes("ShmemHugePages", "shared_huge", "Shared memory in huge pages."),
        Bytes("FileHugePages", "file_huge", "Page cache in huge pages."),
        Bytes("CmaTotal", "cma_total", "Memory reserved for contiguous allocations."),
        Bytes("CmaFree", "cma_free", "Reserved for contiguous allocations and not used."),
        Bytes("Balloon", "balloon", "Memory given back to the hypervisor."),
        Pages("HugePages_Total", "", "Huge pages in the pool."),
        Pages("HugePages_Free", "_free", "Huge pages that are not allocated."),
        Pages("HugePages_Rsvd", "_reserved", "Huge pages promised but not yet allocated."),
        Pages("HugePages_Surp", "_surplus", "Huge pages above the configured pool."),
        Bytes("Hugepagesize", "huge_page_size", "Size of one default huge page."),
        Bytes("Hugetlb", "hugetlb", "Memory taken by huge pages of all sizes."),
    ];

    private readonly KernelFile _file;
    private readonly KeyedNumbers _meminfo = new(Wanted.Select(one => one.Key));
    private readonly KeyedSeries _series = new([.. Wanted.Select(one => one.Metric)]);

    private MemorySampler(SamplerSetup setup) => _file = setup.Roots.ProcFile("meminfo");

    [ModuleInitializer]
    internal static void Register() => SamplerCatalog.Register(new SamplerDefinition
    {
        Name = "memory",
        Help = "Memory, swap, caches and huge pages from /proc/meminfo.",
        Metrics = [.. Wanted.Select(one => one.Metric)],
        Create = setup => new MemorySampler(setup),
    });

    public override SampleOutcome Sample(Tick tick)
    {
        if (!tick.TryRead(_file, out ReadOnlySpan<byte> text))
        {
            return Tick.OutcomeOf(_file);
        }

        if (_meminfo.Parse(text) is { } problem)
        {
            return Tick.Malformed(_file, problem);
        }

        _series.Set(tick, _meminfo);
        return SampleOutcome.Taken;
    }

    public override void Dispose() => _file.Dispose();

    private static (string Key, Metric Metric) Bytes(string key, string name, string help) =>
        (key, new Metric($"host_memory_{name}_bytes", MetricType.Gauge, help, Multiplier: 1024));

    private static (string Key, Metric Metric) Pages(string key, string name, string help) =>
        (key, new Metric($"host_memory_huge_pages{name}", MetricType.Gauge, help));
}
