using System.Runtime.CompilerServices;
using HostAgent.Agent.Linux;

namespace HostAgent.Agent.Sampling.Samplers;

/// <summary>Space and inodes of the real file systems, each once however often it is mounted.</summary>
/// <remarks>
/// Local ones are asked in the tick (statvfs, under 1 µs). Those that a server or a program must answer for are asked aside every 10 s, so that a dead NFS
/// server stalls nothing. The mount table is read again when the kernel says that it has changed (poll(2) on mountinfo), and every
/// minute in case it cannot say.
/// </remarks>
internal sealed class FilesystemSampler : Sampler
{
    private const long RemoteIntervalMs = 10_000;
    private const long MountTableIntervalMs = 60_000;

    private static readonly TimeSpan RemotePatience = TimeSpan.FromSeconds(10);

    private static readonly FilesystemMetrics Metrics = new(
        Size: new("host_filesystem_size_bytes", MetricType.Gauge, "Size of the file system."),
        Free: new("host_filesystem_free_bytes", MetricType.Gauge, "Free space, including what is reserved for root."),
        Available: new("host_filesystem_avail_bytes", MetricType.Gauge, "Free space for ordinary users."),
        Inodes: new("host_filesystem_inodes", MetricType.Gauge, "Inodes, where their number is fixed."),
        FreeInodes: new("host_filesystem_inodes_free", MetricType.Gauge, "Free inodes, where their number is fixed."),
        ReadOnly: new("host_filesystem_readonly", MetricType.Gauge, "1 when it is mounted read-only or has turned read-only after an error."),
        Error: new("host_filesystem_error", MetricType.Gauge, "1 when the file system does not answer: its other series have no samples then."));

    private readonly KernelFile _mountinfo;
    private readonly string _tree;
    private readonly MountSelection _selection;
    private readonly List<Mount> _mounts = [];
    private List<FilesystemSeries> _filesystems = [];
    private byte[] _lastText = [];
    private long _mountTableDueMs = long.MinValue;
    private long _remoteDueMs = long.MinValue;

    private FilesystemSampler(SamplerSetup setup)
    {
        _mountinfo = new KernelFile($"{setup.Roots.Proc}/self/mountinfo") { HasLongRecords = true };
        _tree = setup.Roots.Tree;
        _selection = new MountSelection(setup.Patterns("exclude_types"), setup.Patterns("exclude_mounts"));
    }

    [ModuleInitializer]
    internal static void Register() => SamplerCatalog.Register(new SamplerDefinition
    {
        Name = "filesystem",
        Help = "Space and inodes of the real file systems from statvfs.",
        Metrics = Metrics.All,
        Options =
        [
            new("exclude_types", SamplerOptionKind.Patterns,
                "autofs,binfmt_misc,bpf,cgroup*,configfs,debugfs,devpts,devtmpfs,efivarfs,erofs,fuse.gvfsd*,fuse.lxcfs,fuse.portal,fusectl," +
                "hugetlbfs,iso9660,mqueue,nsfs,overlay,proc,pstore,ramfs,rootfs,rpc_pipefs,securityfs,selinuxfs,smackfs,squashfs,sysfs,tracefs",
                "File system types to leave out, except where one is the root."),
            new("exclude_mounts", SamplerOptionKind.Patterns,
                "/dev/*,/proc/*,/sys/*,/run/credentials/*,/run/user/*,/run/docker/*,/run/containerd/*,/snap/*,/var/lib/containers/*," +
                "/var/lib/docker/*,/var/lib/kubelet/*",
                "Mount points to leave out."),
        ],
        Create = setup => new FilesystemSampler(setup),
    });

    public override SampleOutcome Sample(Tick tick)
    {
        if (MountTableMayHaveChanged(tick) && ReadMountTable(tick) is { } failure)
        {
            return failure;
        }

        bool askRemote = tick.UnixMs >= _remoteDueMs || tick.UnixMs < _remoteDueMs - RemoteIntervalMs;
        if (askRemote)
        {
            _remoteDueMs = tick.UnixMs + RemoteIntervalMs;
        }

        foreach (FilesystemSeries one in _filesystems)
        {
            if (!one.IsRemote)
            {
                one.AskAndStore(tick);
                continue;
            }

            if (askRemote)
            {
                one.AskAside(tick.Time);
            }

            one.StoreAnswer(tick, RemotePatience);
        }

        return _filesystems.Count > 0 ? SampleOutcome.Taken : SampleOutcome.NothingToSay("no real file system is mounted");
    }

    public override void Dispose() => _mountinfo.Dispose();

    private bool MountTableMayHaveChanged(Tick tick)
    {
        if (tick.UnixMs >= _mountTableDueMs || tick.UnixMs < _mountTableDueMs - MountTableIntervalMs)
        {
            return true;
        }

        int descriptor = _mountinfo.Open();
        return descriptor < 0 || PollCall.Wait(descriptor, PollCall.Priority, TimeSpan.Zero) != 0;
    }

    private SampleOutcome? ReadMountTable(Tick tick)
    {
        // Due at once again unless all goes well.
        _mountTableDueMs = long.MinValue;
        if (!tick.TryRead(_mountinfo, out ReadOnlySpan<byte> text))
        {
            return Tick.OutcomeOf(_mountinfo);
        }

        if (!text.SequenceEqual(_lastText))
        {
            if (ProcMountinfo.Parse(text, _mounts) is { } problem)
            {
                return Tick.Malformed(_mountinfo, problem);
            }

            _lastText = text.ToArray();
            TakeMounts(tick);
        }

        _mountTableDueMs = tick.UnixMs + MountTableIntervalMs;
        return null;
    }

    private void TakeMounts(Tick tick)
    {
        List<FilesystemSeries> now = [];
        foreach (Mount mount in _selection.Select(_mounts))
        {
            FilesystemSeries? known = _filesystems.Find(one => IsSame(one.Mount, mount));
            if (known is null)
            {
                // A new mount is asked at once, also when it is remote.
                _remoteDueMs = long.MinValue;
                known = new FilesystemSeries(mount, [.. System.Text.Encoding.UTF8.GetBytes(_tree), .. mount.MountPointBytes, 0], Metrics);
            }

            now.Add(known);
        }

        foreach (FilesystemSeries gone in _filesystems.Except(now))
        {
            gone.End(tick.Table);
        }

        _filesystems = now;
    }

    // Records of byte arrays compare those by reference; the names say it all.
    private static bool IsSame(Mount one, Mount other) =>
        one.MountPoint == other.MountPoint && one.DeviceNumber == other.DeviceNumber && one.Type == other.Type && one.Source == other.Source;
}
