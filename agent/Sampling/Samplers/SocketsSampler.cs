using System.Runtime.CompilerServices;
using HostAgent.Agent.Linux;

namespace HostAgent.Agent.Sampling.Samplers;

/// <summary>Sockets in use and the protocols' own counts, at the price of three small files; /proc/net/tcp, which costs as much as
/// everything else together a dozen times over, is never read.</summary>
internal sealed class SocketsSampler : Sampler
{
    private static readonly uint PageBytes = SysconfCall.PageBytes;

    private static readonly (string Key, Metric Metric)[] Sockstat =
    [
        ("sockets.used", Gauge("host_sockets_used", "Sockets of all kinds.")),
        ("TCP.inuse", Gauge("host_tcp_sockets_in_use", "TCP sockets over IPv4 that are bound or connected.")),
        ("TCP.orphan", Gauge("host_tcp_sockets_orphaned", "TCP sockets that no process holds any more.")),
        ("TCP.tw", Gauge("host_tcp_sockets_time_wait", "TCP connections in TIME_WAIT, IPv4 and IPv6.")),
        ("TCP.alloc", Gauge("host_tcp_sockets_allocated", "TCP sockets in any state, IPv4 and IPv6.")),
        ("TCP.mem", new("host_tcp_memory_bytes", MetricType.Gauge, "Memory of TCP buffers.", PageBytes)),
        ("UDP.inuse", Gauge("host_udp_sockets_in_use", "UDP sockets over IPv4.")),
        ("UDP.mem", new("host_udp_memory_bytes", MetricType.Gauge, "Memory of UDP buffers.", PageBytes)),
        ("RAW.inuse", Gauge("host_raw_sockets_in_use", "Raw sockets over IPv4.")),
    ];

    private static readonly (string Key, Metric Metric)[] Sockstat6 =
    [
        ("TCP6.inuse", Gauge("host_tcp6_sockets_in_use", "TCP sockets over IPv6 that are bound or connected.")),
        ("UDP6.inuse", Gauge("host_udp6_sockets_in_use", "UDP sockets over IPv6.")),
    ];

    private static readonly (string Key, Metric Metric)[] Snmp =
    [
        ("Ip.InReceives", Counter("host_ip_received_packets_total", "IPv4 packets received.")),
        ("Ip.InHdrErrors", Counter("host_ip_header_errors_total", "IPv4 packets with a bad header.")),
        ("Ip.InAddrErrors", Counter("host_ip_address_errors_total", "IPv4 packets for an address that is not ours.")),
        ("Ip.ForwDatagrams", Counter("host_ip_forwarded_packets_total", "IPv4 packets forwarded.")),
        ("Ip.InDiscards", Counter("host_ip_receive_discarded_packets_total", "Good IPv4 packets thrown away, for lack of memory for example.")),
        ("Ip.OutRequests", Counter("host_ip_sent_packets_total", "IPv4 packets sent by this host.")),
        ("Ip.OutDiscards", Counter("host_ip_send_discarded_packets_total", "IPv4 packets that could not be sent, for lack of memory for example.")),
        ("Ip.OutNoRoutes", Counter("host_ip_no_route_packets_total", "IPv4 packets for which there was no route.")),
        ("Ip.ReasmFails", Counter("host_ip_reassembly_failures_total", "IPv4 packets whose fragments could not be put together.")),
        ("Icmp.InMsgs", Counter("host_icmp_received_messages_total", "ICMP messages received.")),
        ("Icmp.OutMsgs", Counter("host_icmp_sent_messages_total", "ICMP messages sent.")),
        ("Tcp.ActiveOpens", Counter("host_tcp_active_opens_total", "TCP connections that this host opened.")),
        ("Tcp.PassiveOpens", Counter("host_tcp_passive_opens_total", "TCP connections that others opened to this host.")),
        ("Tcp.AttemptFails", Counter("host_tcp_failed_opens_total", "TCP connections that failed while opening.")),
        ("Tcp.EstabResets", Counter("host_tcp_established_resets_total", "Established TCP connections that were reset.")),
        ("Tcp.CurrEstab", Gauge("host_tcp_connections_established", "TCP connections in ESTABLISHED or CLOSE_WAIT.")),
        ("Tcp.InSegs", Counter("host_tcp_received_segments_total", "TCP segments received.")),
        ("Tcp.OutSegs", Counter("host_tcp_sent_segments_total", "TCP segments sent.")),
        ("Tcp.RetransSegs", Counter("host_tcp_retransmitted_segments_total", "TCP segments sent again.")),
        ("Tcp.InErrs", Counter("host_tcp_receive_errors_total", "TCP segments received with an error.")),
        ("Tcp.OutRsts", Counter("host_tcp_sent_resets_total", "TCP resets sent.")),
        ("Udp.InDatagrams", Counter("host_udp_received_datagrams_total", "UDP datagrams delivered.")),
        ("Udp.NoPorts", Counter("host_udp_no_port_datagrams_total", "UDP datagrams for a port where nobody listens.")),
        ("Udp.InErrors", Counter("host_udp_receive_errors_total", "UDP datagrams that could not be delivered.")),
        ("Udp.OutDatagrams", Counter("host_udp_sent_datagrams_total", "UDP datagrams sent.")),
        ("Udp.RcvbufErrors", Counter("host_udp_receive_buffer_errors_total", "UDP datagrams dropped because the receiver was too slow.")),
        ("Udp.SndbufErrors", Counter("host_udp_send_buffer_errors_total", "UDP datagrams dropped for lack of a send buffer.")),
    ];

    private readonly KernelFile _sockstatFile;
    private readonly KernelFile _sockstat6File;
    private readonly KernelFile _snmpFile;
    private readonly ProcSockstat _sockstat = new(Sockstat.Select(one => one.Key));
    private readonly ProcSockstat _sockstat6 = new(Sockstat6.Select(one => one.Key));
    private readonly ProcNetSnmp _snmp = new(Snmp.Select(one => one.Key));
    private readonly ColumnSeries _sockstatSeries = new(Sockstat.Select(one => one.Metric));
    private readonly ColumnSeries _sockstat6Series = new(Sockstat6.Select(one => one.Metric));
    private readonly ColumnSeries _snmpSeries = new(Snmp.Select(one => one.Metric));

    private SocketsSampler(SamplerSetup setup)
    {
        _sockstatFile = setup.Roots.ProcFile("net/sockstat");
        _sockstat6File = setup.Roots.ProcFile("net/sockstat6");
        _snmpFile = setup.Roots.ProcFile("net/snmp");
    }

    [ModuleInitializer]
    internal static void Register() => SamplerCatalog.Register(new SamplerDefinition
    {
        Name = "sockets",
        Help = "Sockets in use, connections, retransmits and errors of IP, TCP and UDP from /proc/net/sockstat and snmp.",
        Metrics = [.. Sockstat.Concat(Sockstat6).Concat(Snmp).Select(one => one.Metric)],
        Create = setup => new SocketsSampler(setup),
    });

    public override SampleOutcome Sample(Tick tick)
    {
        if (!tick.TryRead(_sockstatFile, out ReadOnlySpan<byte> text))
        {
            return Tick.OutcomeOf(_sockstatFile);
        }

        if (_sockstat.Parse(text) is { } problem)
        {
            return Tick.Malformed(_sockstatFile, problem);
        }

        // A kernel without IPv6 has no sockstat6.
        bool has6 = tick.TryRead(_sockstat6File, out text);
        if (!has6 && !_sockstat6File.IsAbsent)
        {
            return Tick.OutcomeOf(_sockstat6File);
        }

        if (has6 && _sockstat6.Parse(text) is { } problem6)
        {
            return Tick.Malformed(_sockstat6File, problem6);
        }

        if (!tick.TryRead(_snmpFile, out text))
        {
            return Tick.OutcomeOf(_snmpFile);
        }

        if (_snmp.Parse(text) is { } snmpProblem)
        {
            return Tick.Malformed(_snmpFile, snmpProblem);
        }

        _sockstatSeries.Set(tick, _sockstat.Values);
        _snmpSeries.Set(tick, _snmp.Values);
        if (has6)
        {
            _sockstat6Series.Set(tick, _sockstat6.Values);
        }

        return SampleOutcome.Taken;
    }

    public override void Dispose()
    {
        _sockstatFile.Dispose();
        _sockstat6File.Dispose();
        _snmpFile.Dispose();
    }

    private static Metric Gauge(string name, string help) => new(name, MetricType.Gauge, help);

    private static Metric Counter(string name, string help) => new(name, MetricType.Counter, help);
}
