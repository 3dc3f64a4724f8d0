using System.Runtime.CompilerServices;
using System.Text;
using HostAgent.Agent.Linux;

namespace HostAgent.Agent.Sampling.Samplers;

/// <summary>I/O of the real disks from /proc/diskstats: whole ones, unless the operator wants partitions too.</summary>
internal sealed class DiskSampler : Sampler
{
    private const uint SectorBytes = 512;
    private const uint Milliseconds = 1000;

    // In the order of the columns; null: not advertised.
    private static readonly Metric?[] Columns =
    [
        Counter("host_disk_reads_total", "Reads completed."),
        Counter("host_disk_reads_merged_total", "Reads that were merged with a neighbour before they reached the disk."),
        new("host_disk_read_bytes_total", MetricType.Counter, "Bytes read.", SectorBytes),
        new("host_disk_read_seconds_total", MetricType.Counter, "Time that reads took, summed over all reads.", 1, Milliseconds),
        Counter("host_disk_writes_total", "Writes completed."),
        Counter("host_disk_writes_merged_total", "Writes that were merged with a neighbour before they reached the disk."),
        new("host_disk_written_bytes_total", MetricType.Counter, "Bytes written.", SectorBytes),
        new("host_disk_write_seconds_total", MetricType.Counter, "Time that writes took, summed over all writes.", 1, Milliseconds),
        new("host_disk_io_in_progress", MetricType.Gauge, "Reads and writes under way at the moment."),
        new("host_disk_io_seconds_total", MetricType.Counter, "Time during which the disk had something to do.", 1, Milliseconds),
        new("host_disk_io_weighted_seconds_total", MetricType.Counter, "Time during which the disk had something to do times the number of requests: its rate is the queue length.", 1, Milliseconds),
        Counter("host_disk_discards_total", "Discards (TRIM) completed."),
        null,
        new("host_disk_discarded_bytes_total", MetricType.Counter, "Bytes discarded.", SectorBytes),
        new("host_disk_discard_seconds_total", MetricType.Counter, "Time that discards took.", 1, Milliseconds),
        Counter("host_disk_flushes_total", "Cache flushes completed."),
        new("host_disk_flush_seconds_total", MetricType.Counter, "Time that cache flushes took.", 1, Milliseconds),
    ];

    private readonly KernelFile _file;
    private readonly LinuxRoots _roots;
    private readonly NamePatterns _exclude;
    private readonly bool _partitions;
    private readonly long[] _numbers = new long[ProcDiskstats.Columns];
    private readonly NamedLines<int[]> _disks = new() { Ended = (tick, ids) => Array.ForEach(ids, id => EndKnown(tick, id)) };
    private string? _lastDisk;

    private DiskSampler(SamplerSetup setup)
    {
        _file = setup.Roots.ProcFile("diskstats");
        _roots = setup.Roots;
        _exclude = setup.Patterns("exclude");
        _partitions = setup.Flag("partitions");
    }

    [ModuleInitializer]
    internal static void Register() => SamplerCatalog.Register(new SamplerDefinition
    {
        Name = "disk",
        Help = "Reads, writes, discards and their times per disk from /proc/diskstats.",
        Metrics = [.. Columns.OfType<Metric>()],
        Options =
        [
            new("exclude", SamplerOptionKind.Patterns, "loop*,ram*,zram*,fd*,sr*", "Devices to leave out."),
            new("partitions", SamplerOptionKind.Flag, "false", "Whether partitions have series of their own."),
        ],
        Create = setup => new DiskSampler(setup),
    });

    public override SampleOutcome Sample(Tick tick)
    {
        if (!tick.TryRead(_file, out ReadOnlySpan<byte> text))
        {
            return Tick.OutcomeOf(_file);
        }

        if (text.Length > 0 && !KernelText.IsWhole(text))
        {
            return Tick.Malformed(_file, "cut off");
        }

        int index = 0;
        bool any = false;
        while (KernelText.TakeLine(ref text, out ReadOnlySpan<byte> line))
        {
            if (!ProcDiskstats.TryTakeName(ref line, out ReadOnlySpan<byte> name))
            {
                return Tick.Malformed(_file, "a line has no name");
            }

            // The numbers of the devices that are left out, often most of them, are not even looked at.
            bool known = _disks.TryFind(index, name, out int[]? ids);
            int count = 0;
            if ((!known || ids is not null) && (count = ProcDiskstats.Parse(line, _numbers)) < 0)
            {
                return Tick.Malformed(_file, "a line has fewer than 11 numbers");
            }

            if (!known)
            {
                ids = Announce(tick, index, Encoding.UTF8.GetString(name), count);
            }

            index++;
            if (ids is not null)
            {
                any = true;
                Set(tick.Table, ids, count);
            }
        }

        _disks.EndRest(tick, index);
        return any ? SampleOutcome.Taken : SampleOutcome.NothingToSay("this host has no disk");
    }

    public override void Dispose() => _file.Dispose();

    private static Metric Counter(string name, string help) => new(name, MetricType.Counter, help);

    private static void EndKnown(Tick tick, int id)
    {
        if (id >= 0)
        {
            tick.Table.End(id);
        }
    }

    private void Set(SeriesTable table, int[] ids, int count)
    {
        for (int column = 0; column < count; column++)
        {
            if (ids[column] >= 0)
            {
                table.Set(ids[column], _numbers[column]);
            }
        }
    }

    private int[]? Announce(Tick tick, int index, string name, int count)
    {
        int[]? ids = null;
        bool isWhole = SysBlock.IsWholeDisk(_roots, name, _lastDisk);
        _lastDisk = isWhole ? name : _lastDisk;
        if (!_exclude.Match(name) && (_partitions || isWhole))
        {
            ids = new int[Columns.Length];
            for (int column = 0; column < ids.Length; column++)
            {
                ids[column] = column < count && Columns[column] is { } metric ? tick.Table.Add(tick.Group, metric, ("device", name)) : -1;
            }
        }

        _disks.Insert(index, name, ids);
        return ids;
    }
}
