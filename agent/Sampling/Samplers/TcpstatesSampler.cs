using System.Runtime.CompilerServices;
using HostAgent.Agent.Linux;

namespace HostAgent.Agent.Sampling.Samplers;

/// <summary>TCP sockets in the states that are short-lived on a healthy host, and listening ones.</summary>
/// <remarks>
/// Every 30 s: the kernel must walk its whole table of connections, about 1 ms whether or not anything is in it. Sockets in ESTABLISHED and TIME_WAIT, of which
/// there may be a hundred thousand, are not sent over: the sockets sampler has their numbers every second for nothing.
/// </remarks>
internal sealed class TcpstatesSampler : Sampler
{
    private static readonly Metric Sockets = new("host_tcp_state_sockets", MetricType.Gauge, "TCP sockets by state, IPv4 and IPv6; ESTABLISHED and TIME_WAIT are in host_tcp_connections_established and host_tcp_sockets_time_wait.");

    // tcp_states.h. 3 and 12 are both SYN_RECV: of a fast open socket, and of a request that is not a full socket yet.
    private static readonly (string State, int[] Numbers)[] States =
    [
        ("syn_sent", [2]), ("syn_recv", [3, 12]), ("fin_wait1", [4]), ("fin_wait2", [5]), ("close_wait", [8]), ("last_ack", [9]),
        ("listen", [10]), ("closing", [11]),
    ];

    private static readonly uint Wanted = States.SelectMany(state => state.Numbers).Aggregate(0u, (bits, number) => bits | (1u << number));

    private readonly SockDiag _diag = new();
    private readonly long[] _counts = new long[SockDiag.States];
    private int[]? _ids;

    private TcpstatesSampler()
    {
    }

    [ModuleInitializer]
    internal static void Register() => SamplerCatalog.Register(new SamplerDefinition
    {
        Name = "tcpstates",
        Help = "TCP sockets by state over netlink; every 30 s because the kernel walks its whole table of connections for it.",
        Metrics = [Sockets],
        Interval = TimeSpan.FromSeconds(30),
        Create = _ => new TcpstatesSampler(),
    });

    public override SampleOutcome Sample(Tick tick)
    {
        int error = -_diag.Count(tick.Gate, Wanted, _counts);
        if (error != 0)
        {
            return Errno.MeansAbsent(error)
                ? SampleOutcome.NothingToSay("this kernel has no inet_diag")
                : SampleOutcome.Failed($"asking sock_diag: {Errno.Describe(error)}");
        }

        _ids ??= Announce(tick);
        for (int i = 0; i < _ids.Length; i++)
        {
            long count = 0;
            foreach (int number in States[i].Numbers)
            {
                count += _counts[number];
            }

            tick.Table.Set(_ids[i], count);
        }

        return SampleOutcome.Taken;
    }

    public override void Dispose() => _diag.Dispose();

    private static int[] Announce(Tick tick) => [.. States.Select(state => tick.Table.Add(tick.Group, Sockets, ("state", state.State)))];
}
