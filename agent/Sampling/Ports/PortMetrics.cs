namespace HostAgent.Agent.Sampling.Ports;

/// <summary>The metrics of the ports sampler.</summary>
internal static class PortMetrics
{
    public static readonly Metric Listening = new("port_listening", MetricType.Gauge, "Sockets that listen on the port; more than one where several share it (SO_REUSEPORT, or one per family or address).");
    public static readonly Metric Queue = new("port_accept_queue_connections", MetricType.Gauge, "TCP connections that wait for the program to accept them.");
    public static readonly Metric Limit = new("port_accept_queue_limit", MetricType.Gauge, "TCP connections that may wait; more are refused or ignored.");
    public static readonly Metric Missing = new("port_expected_missing", MetricType.Gauge, "1 when nothing listens on a port that is expected to be open.");
    public static readonly Metric Unexpected = new("port_unexpected", MetricType.Gauge, "1 for a port that is open and neither expected nor allowed there.");
    public static readonly Metric Ownerless = new("port_owner_unknown_sockets", MetricType.Gauge, "Listening sockets of which no process was found: the kernel's own, or this agent may not see the descriptors of the process.");
    public static readonly Metric Omitted = new("port_omitted", MetricType.Gauge, "Listening ports that have no series because there are more than max_ports.");
    public static readonly Metric Readable = new("port_table_readable", MetricType.Gauge, "1 when the kernel answers which sockets listen; 0: it does not, and the protocol's ports are missing here.");
    public static readonly Metric ConnectSuccess = new("port_connect_success", MetricType.Gauge, "1 when the last connection attempt of a check succeeded in time.");
    public static readonly Metric ConnectSeconds = new("port_connect_seconds", MetricType.Gauge, "How long the last successful connection attempt took, the name's resolution included.", 1, 1_000_000);
    public static readonly Metric ConnectFailures = new("port_connect_failures_total", MetricType.Counter, "Failed connection attempts by reason.");

    /// <summary>All of them.</summary>
    public static IReadOnlyList<Metric> All =>
        [Listening, Queue, Limit, Missing, Unexpected, Ownerless, Omitted, Readable, ConnectSuccess, ConnectSeconds, ConnectFailures];
}
