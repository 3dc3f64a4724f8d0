using System.Runtime.CompilerServices;
using HostAgent.Agent.Linux;
using HostAgent.Agent.Sampling.Ports;

namespace HostAgent.Agent.Sampling.Samplers;

/// <summary>Which ports are open, whose they are, whether they are those that the operator expects, and whether others can be connected to.</summary>
/// <remarks>
/// Every 30 s: asking for the listening TCP sockets costs the kernel 25 µs, for the UDP ones a walk of its table, some 100 µs. A UDP port of
/// the range that the kernel hands out by itself is a client's (a resolver, QUIC) unless the operator names it. What listens in another network namespace, as
/// the programs in containers do, is that namespace's business.
/// </remarks>
internal sealed class PortsSampler : Sampler
{
    private const int MinTimeoutMs = 100;

    private readonly ListeningSockets _found = new();
    private readonly PidList _list;
    private readonly SocketOwners _owners;
    private readonly PortTable _table;
    private readonly ConnectCheck[] _checks;
    private readonly KernelFile _rangeFile;
    private readonly OptionalSeries _ownerless = new(PortMetrics.Ownerless);
    private readonly OptionalSeries _omitted = new(PortMetrics.Omitted);
    private readonly OptionalSeries _tcpReadable = new(PortMetrics.Readable, ("protocol", "tcp"));
    private readonly OptionalSeries _udpReadable = new(PortMetrics.Readable, ("protocol", "udp"));
    private ListeningSocket[] _sockets = [];
    private ListeningSocket[] _before = [];
    private int[] _order = [];
    private long[] _queues = [];
    private long[] _limits = [];
    private int _count;
    private int _countBefore = -1;
    private (long First, long Last) _range = (1, 0);
    private bool _hasRange;

    private PortsSampler(SamplerSetup setup)
    {
        _list = new PidList(setup.Roots.Proc);
        _owners = new SocketOwners(_list, new ProcessFiles(_list));
        _table = new PortTable(
            PortRule.Parse(setup.Text("expected"), ranges: false)!, PortRule.Parse(setup.Text("allowed"), ranges: true)!, setup.Count("max_ports"));
        TimeSpan interval = TimeSpan.FromSeconds(Math.Max(1, setup.Count("connect_interval_seconds")));
        TimeSpan timeout = TimeSpan.FromMilliseconds(Math.Max(MinTimeoutMs, setup.Count("connect_timeout_ms")));
        _checks = [.. setup.Named("connect").Select(one => new ConnectCheck(one.Name, ConnectTarget.Parse(one.Text)!, interval, timeout, setup.Time))];
        _rangeFile = setup.Roots.ProcFile("sys/net/ipv4/ip_local_port_range");
    }

    [ModuleInitializer]
    internal static void Register() => SamplerCatalog.Register(new SamplerDefinition
    {
        Name = "ports",
        Help = "Listening ports over netlink, with their owners out of /proc/PID/fd, against what is expected; connection checks.",
        Metrics = PortMetrics.All,
        Interval = TimeSpan.FromSeconds(30),
        Options =
        [
            new("expected", SamplerOptionKind.Text, "", $"Ports that must be open, {PortRule.ExpectedForm}. When there are any, every other open port is unexpected.") { Check = PortRule.CheckExpected },
            new("allowed", SamplerOptionKind.Text, "", $"Ports that may be open without being expected, {PortRule.AllowedForm}.") { Check = PortRule.CheckAllowed },
            new("max_ports", SamplerOptionKind.Count, "256", "Open ports that have series at most."),
            new("connect", SamplerOptionKind.Named, "", $"Ports to connect to: \"NAME: TARGET\", the target {ConnectTarget.Form}.") { Check = ConnectTarget.Check },
            new("connect_interval_seconds", SamplerOptionKind.Count, "30", "Seconds between two attempts of a check."),
            new("connect_timeout_ms", SamplerOptionKind.Count, "3000", "Milliseconds after which an attempt has failed, 100 or more."),
        ],
        Create = setup => new PortsSampler(setup),
    });

    public override SampleOutcome Sample(Tick tick)
    {
        foreach (ConnectCheck check in _checks)
        {
            check.Poll(tick);
        }

        _found.Clear();
        int tcp = _found.AddTcp(tick.Gate);
        int udp = _found.AddUdp(tick.Gate);
        if (tcp < 0 && udp < 0 && _checks.Length == 0)
        {
            return Errno.MeansAbsent(-tcp) ? SampleOutcome.NothingToSay("this kernel has no inet_diag") : SampleOutcome.Failed($"asking sock_diag: {Errno.Describe(-tcp)}");
        }

        ReadRange(tick);
        TakeFound();
        bool changed = _owners.Update(tick, _sockets.AsSpan(0, _count));
        if (changed || _count != _countBefore || !_sockets.AsSpan(0, _count).SequenceEqual(_before.AsSpan(0, _count)))
        {
            _table.Take(tick, _sockets.AsSpan(0, _count), _owners);
            _before = _sockets[.._count];
            _countBefore = _count;
        }

        _table.Store(tick, _queues.AsSpan(0, _count), _limits.AsSpan(0, _count));
        _ownerless.Set(tick, CountOwnerless());
        _omitted.Set(tick, _table.Omitted);
        _tcpReadable.Set(tick, tcp < 0 ? 0 : 1);
        _udpReadable.Set(tick, udp < 0 ? 0 : 1);
        return SampleOutcome.Taken;
    }

    public override void Dispose()
    {
        _found.Dispose();
        _list.Dispose();
        _rangeFile.Dispose();
    }

    private void ReadRange(Tick tick)
    {
        if (!_hasRange && tick.TryRead(_rangeFile, out ReadOnlySpan<byte> text))
        {
            _range = ProcPortRange.Parse(text);
            _hasRange = true;
        }
    }

    // The kernel's order is that of its hash table; sorted, what is the same is the same.
    private void TakeFound()
    {
        if (_sockets.Length < _found.Count)
        {
            int room = Math.Max(64, _found.Count * 2);
            (_sockets, _order, _queues, _limits) = (new ListeningSocket[room], new int[room], new long[room], new long[room]);
        }

        _count = 0;
        for (int i = 0; i < _found.Count; i++)
        {
            ListeningSocket socket = _found.Found[i];
            if (!socket.IsUdp || socket.Port < _range.First || socket.Port > _range.Last || _table.IsNamed(socket))
            {
                _order[_count] = i;
                _sockets[_count++] = socket;
            }
        }

        _sockets.AsSpan(0, _count).Sort(_order.AsSpan(0, _count));
        for (int i = 0; i < _count; i++)
        {
            _queues[i] = _found.QueueOf(_order[i]);
            _limits[i] = _found.LimitOf(_order[i]);
        }
    }

    private long CountOwnerless()
    {
        long count = 0;
        for (int i = 0; i < _count; i++)
        {
            count += _owners.Of(_sockets[i].Inode) is { Pid: 0 } ? 1 : 0;
        }

        return count;
    }
}
