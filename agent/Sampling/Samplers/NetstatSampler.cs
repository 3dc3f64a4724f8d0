using System.Runtime.CompilerServices;
using HostAgent.Agent.Linux;

namespace HostAgent.Agent.Sampling.Samplers;

/// <summary>Why TCP drops, resets and retransmits, from /proc/net/netstat.</summary>
/// <remarks>Every 10 s: the file sums 150 counters over all cores and costs 38 µs at full speed, half of what all files read every second cost
/// together; its counters grow slowly and lose nothing by being read later.</remarks>
internal sealed class NetstatSampler : Sampler
{
    private static readonly (string Key, Metric Metric)[] Wanted =
    [
        Counter("TcpExt.SyncookiesSent", "syncookies_sent", "SYN cookies sent: the queue of half-open connections was full."),
        Counter("TcpExt.SyncookiesRecv", "syncookies_received", "Valid SYN cookies received."),
        Counter("TcpExt.SyncookiesFailed", "syncookies_failed", "Invalid SYN cookies received."),
        Counter("TcpExt.ListenOverflows", "listen_overflows", "Connections refused because the accept queue of a listening socket was full."),
        Counter("TcpExt.ListenDrops", "listen_drops", "Connections dropped at a listening socket, for a full accept queue or any other reason."),
        Counter("TcpExt.TCPReqQFullDrop", "syn_queue_full_drops", "SYNs dropped because the queue of half-open connections was full."),
        Counter("TcpExt.TCPTimeouts", "retransmit_timeouts", "Retransmissions because of a timeout."),
        Counter("TcpExt.TCPSynRetrans", "syn_retransmits", "SYNs and SYN-ACKs sent again."),
        Counter("TcpExt.TCPFastRetrans", "fast_retransmits", "Fast retransmissions."),
        Counter("TcpExt.TCPLostRetransmit", "lost_retransmits", "Retransmissions that were lost too."),
        Counter("TcpExt.TCPSpuriousRTOs", "spurious_timeouts", "Retransmit timeouts that turned out to be needless."),
        Counter("TcpExt.TCPAbortOnData", "aborts_on_data", "Connections reset because they were closed with unread data."),
        Counter("TcpExt.TCPAbortOnClose", "aborts_on_close", "Connections reset because data came after they were closed."),
        Counter("TcpExt.TCPAbortOnMemory", "aborts_on_memory", "Connections reset for lack of memory."),
        Counter("TcpExt.TCPAbortOnTimeout", "aborts_on_timeout", "Connections given up after too many retransmissions or keepalives."),
        Counter("TcpExt.TCPMemoryPressures", "memory_pressures", "Times that TCP ran short of memory."),
        Counter("TcpExt.TCPBacklogDrop", "backlog_drops", "Segments dropped because a socket's backlog was full."),
        Counter("TcpExt.TCPRcvQDrop", "receive_queue_drops", "Segments dropped because a socket's receive queue was full."),
        Counter("TcpExt.TCPZeroWindowDrop", "zero_window_drops", "Segments dropped because the window was closed."),
        Counter("TcpExt.TCPToZeroWindowAdv", "zero_windows_sent", "Times that this host closed its window: a reader is too slow."),
        Counter("TcpExt.TCPTimeWaitOverflow", "time_wait_overflows", "TIME_WAIT sockets ended early because there were too many."),
        Counter("TcpExt.PruneCalled", "receive_queue_prunes", "Receive queues pruned for lack of buffer space."),
        Counter("TcpExt.TCPOFOQueue", "out_of_order_segments", "Segments received out of order."),
        ("IpExt.InOctets", new("host_ip_received_bytes_total", MetricType.Counter, "Bytes of IPv4 packets received.")),
        ("IpExt.OutOctets", new("host_ip_sent_bytes_total", MetricType.Counter, "Bytes of IPv4 packets sent.")),
        ("IpExt.InNoRoutes", new("host_ip_receive_no_route_packets_total", MetricType.Counter, "IPv4 packets received for which there was no route.")),
    ];

    private readonly KernelFile _file;
    private readonly ProcNetSnmp _netstat = new(Wanted.Select(one => one.Key));
    private readonly ColumnSeries _series = new(Wanted.Select(one => one.Metric));

    private NetstatSampler(SamplerSetup setup) => _file = setup.Roots.ProcFile("net/netstat");

    [ModuleInitializer]
    internal static void Register() => SamplerCatalog.Register(new SamplerDefinition
    {
        Name = "netstat",
        Help = "Drops, resets, SYN cookies and kinds of retransmits of TCP from /proc/net/netstat; every 10 s because it sums 150 counters over all cores.",
        Metrics = [.. Wanted.Select(one => one.Metric)],
        Interval = TimeSpan.FromSeconds(10),
        Create = setup => new NetstatSampler(setup),
    });

    public override SampleOutcome Sample(Tick tick)
    {
        if (!tick.TryRead(_file, out ReadOnlySpan<byte> text))
        {
            return Tick.OutcomeOf(_file);
        }

        if (_netstat.Parse(text) is { } problem)
        {
            return Tick.Malformed(_file, problem);
        }

        _series.Set(tick, _netstat.Values);
        return SampleOutcome.Taken;
    }

    public override void Dispose() => _file.Dispose();

    private static (string Key, Metric Metric) Counter(string key, string name, string help) =>
        (key, new Metric($"host_tcp_{name}_total", MetricType.Counter, help));
}
