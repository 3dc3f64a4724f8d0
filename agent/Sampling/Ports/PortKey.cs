using System.Globalization;
using HostAgent.Agent.Linux;

namespace HostAgent.Agent.Sampling.Ports;

/// <summary>What makes a port one series: it stays the same when the program behind it restarts.</summary>
/// <param name="Port">The number.</param>
/// <param name="Protocol">tcp or udp.</param>
/// <param name="Scope">loopback, all, or the address.</param>
/// <param name="Process">Name of the owner; empty: unknown.</param>
/// <param name="Unit">Unit of the owner; may be empty.</param>
/// <param name="Container">Container of the owner; may be empty.</param>
internal sealed record PortKey(int Port, string Protocol, string Scope, string Process, string Unit, string Container)
{
    /// <summary>The key of a socket.</summary>
    public static PortKey Of(in ListeningSocket socket, SocketOwner owner) => new(
        socket.Port, socket.IsUdp ? "udp" : "tcp", socket.IsAll ? "all" : socket.IsLoopback ? "loopback" : socket.AddressText(),
        owner.Process, owner.Unit, owner.Container);

    /// <summary>Its labels.</summary>
    /// <param name="family">ipv4, ipv6 or both.</param>
    public (string Name, string Value)[] Labels(string family) =>
    [
        ("port", Port.ToString(CultureInfo.InvariantCulture)), ("protocol", Protocol), ("family", family), ("scope", Scope), ("process", Process),
        .. Unit.Length > 0 ? [("unit", Unit)] : Array.Empty<(string, string)>(),
        .. Container.Length > 0 ? [("container", Container)] : Array.Empty<(string, string)>(),
    ];
}
