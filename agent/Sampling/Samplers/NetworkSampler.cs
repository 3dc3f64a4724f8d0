using System.Runtime.CompilerServices;
using System.Text;
using HostAgent.Agent.Linux;

namespace HostAgent.Agent.Sampling.Samplers;

/// <summary>Traffic, errors and link state of the network interfaces.</summary>
/// <remarks>Counters come from /proc/net/dev at every reading. Carrier is read from sysfs every 10 s; speed and MTU every minute, because
/// asking for the speed takes a lock that reconfiguring an interface holds too.</remarks>
internal sealed class NetworkSampler : Sampler
{
    private const uint BytesPerSecondInAMegabit = 125_000;
    private const long CarrierIntervalMs = 10_000;
    private const long SpeedIntervalMs = 60_000;

    // In the order of the columns of /proc/net/dev; null: not advertised (compressed counts SLIP and PPP packets).
    private static readonly Metric?[] Columns =
    [
        Counter("receive_bytes", "Bytes received."),
        Counter("receive_packets", "Packets received."),
        Counter("receive_errors", "Packets received with an error."),
        Counter("receive_dropped", "Packets received and dropped, for lack of room or of a listener for the protocol."),
        Counter("receive_fifo_errors", "Receive buffer overruns."),
        Counter("receive_frame_errors", "Packets received with a framing error."),
        null,
        Counter("receive_multicast_packets", "Multicast packets received."),
        Counter("transmit_bytes", "Bytes sent."),
        Counter("transmit_packets", "Packets sent."),
        Counter("transmit_errors", "Packets that could not be sent."),
        Counter("transmit_dropped", "Packets dropped before they were sent."),
        Counter("transmit_fifo_errors", "Send buffer underruns."),
        Counter("transmit_collisions", "Collisions."),
        Counter("transmit_carrier_errors", "Losses of carrier while sending."),
        null,
    ];

    private static readonly Metric Carrier = new("host_network_carrier", MetricType.Gauge, "1 when the link is up, 0 when it is not.");
    private static readonly Metric Speed = new("host_network_speed_bytes", MetricType.Gauge, "Speed of the link in bytes per second, where the driver knows it.", BytesPerSecondInAMegabit);
    private static readonly Metric Mtu = new("host_network_mtu_bytes", MetricType.Gauge, "Largest packet.");

    private readonly KernelFile _file;
    private readonly LinuxRoots _roots;
    private readonly NamePatterns _exclude;
    private readonly long[] _numbers = new long[ProcNetDev.Columns];
    private readonly NamedLines<Interface> _interfaces = new() { Ended = (tick, one) => one.End(tick) };

    private NetworkSampler(SamplerSetup setup)
    {
        _file = setup.Roots.ProcFile("net/dev");
        _roots = setup.Roots;
        _exclude = setup.Patterns("exclude");
    }

    [ModuleInitializer]
    internal static void Register() => SamplerCatalog.Register(new SamplerDefinition
    {
        Name = "network",
        Help = "Traffic and errors per interface from /proc/net/dev; carrier, speed and MTU from /sys/class/net.",
        Metrics = [.. Columns.OfType<Metric>(), Carrier, Speed, Mtu],
        Options = [new("exclude", SamplerOptionKind.Patterns, "veth*", "Interfaces to leave out; by default the host's ends of containers' interfaces.")],
        Create = setup => new NetworkSampler(setup),
    });

    public override SampleOutcome Sample(Tick tick)
    {
        if (!tick.TryRead(_file, out ReadOnlySpan<byte> text))
        {
            return Tick.OutcomeOf(_file);
        }

        if (!KernelText.IsWhole(text))
        {
            return Tick.Malformed(_file, "cut off");
        }

        for (int i = 0; i < ProcNetDev.HeadingLines; i++)
        {
            KernelText.TakeLine(ref text, out _);
        }

        // The readings from sysfs use the tick's buffer too, so they come after the last line.
        int index = 0;
        bool any = false;
        while (KernelText.TakeLine(ref text, out ReadOnlySpan<byte> line))
        {
            if (!ProcNetDev.TryParse(line, out ReadOnlySpan<byte> name, _numbers))
            {
                return Tick.Malformed(_file, "a line has no name or fewer than 16 numbers");
            }

            if (!_interfaces.TryFind(index, name, out Interface? one))
            {
                one = Announce(tick, index, Encoding.UTF8.GetString(name));
            }

            index++;
            if (one is not null)
            {
                any = true;
                one.Set(tick.Table, _numbers);
            }
        }

        _interfaces.EndRest(tick, index);
        for (int i = 0; i < index; i++)
        {
            _interfaces.At(i)?.ReadLink(tick);
        }

        return any ? SampleOutcome.Taken : SampleOutcome.NothingToSay("there is no interface");
    }

    public override void Dispose() => _file.Dispose();

    private static Metric Counter(string what, string help) => new($"host_network_{what}_total", MetricType.Counter, help);

    private Interface? Announce(Tick tick, int index, string name)
    {
        Interface? one = _exclude.Match(name) ? null : new Interface(tick, _roots, name);
        _interfaces.Insert(index, name, one);
        return one;
    }

    private sealed class Interface
    {
        private readonly string _name;
        private readonly int[] _ids = new int[Columns.Length];
        private readonly KernelFile[] _files;
        private readonly int[] _linkIds = [-1, -1, -1];
        private long _carrierDueMs = long.MinValue;
        private long _speedDueMs = long.MinValue;

        public Interface(Tick tick, LinuxRoots roots, string name)
        {
            _name = name;
            _files = [roots.SysFile($"class/net/{name}/carrier"), roots.SysFile($"class/net/{name}/speed"), roots.SysFile($"class/net/{name}/mtu")];
            for (int column = 0; column < _ids.Length; column++)
            {
                _ids[column] = Columns[column] is { } metric ? tick.Table.Add(tick.Group, metric, ("device", name)) : -1;
            }
        }

        public void Set(SeriesTable table, long[] numbers)
        {
            for (int column = 0; column < _ids.Length; column++)
            {
                if (_ids[column] >= 0)
                {
                    table.Set(_ids[column], numbers[column]);
                }
            }
        }

        public void ReadLink(Tick tick)
        {
            if (tick.UnixMs >= _carrierDueMs || tick.UnixMs < _carrierDueMs - CarrierIntervalMs)
            {
                _carrierDueMs = tick.UnixMs + CarrierIntervalMs;
                Read(tick, 0, Carrier);
            }

            if (tick.UnixMs >= _speedDueMs || tick.UnixMs < _speedDueMs - SpeedIntervalMs)
            {
                _speedDueMs = tick.UnixMs + SpeedIntervalMs;
                Read(tick, 1, Speed);
                Read(tick, 2, Mtu);
            }
        }

        public void End(Tick tick)
        {
            foreach (int id in _ids.Concat(_linkIds).Where(id => id >= 0))
            {
                tick.Table.End(id);
            }
        }

        // An interface that is down answers EINVAL for its carrier and speed; one without a link at all has speed -1 or no answer.
        private void Read(Tick tick, int which, Metric metric)
        {
            long value = -1;
            if (tick.TryRead(_files[which], out ReadOnlySpan<byte> text))
            {
                value = KernelText.TryOneNumber(text, out long number) ? number : -1;
            }
            else if (which == 0 && _files[which].LastErrno == Errno.EINVAL)
            {
                value = 0;
            }

            _files[which].Dispose();
            ref int id = ref _linkIds[which];
            if (value < 0)
            {
                if (id >= 0)
                {
                    tick.Table.End(id);
                    id = -1;
                }

                return;
            }

            if (id < 0)
            {
                id = tick.Table.Add(tick.Group, metric, ("device", _name));
            }

            tick.Table.Set(id, value);
        }
    }
}
