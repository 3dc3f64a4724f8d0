using System.Net;
using System.Net.Sockets;

namespace HostAgent.Aggregator.Auth;

/// <summary>Where a request comes from.</summary>
/// <param name="Text">The address, without port.</param>
/// <param name="Group">What is counted together: an IPv4 address, or the /64 of an IPv6 address, since one machine has as many as it likes of it.</param>
/// <param name="IsLoopback">This machine.</param>
public sealed record ClientAddress(string Text, string Group, bool IsLoopback)
{
    /// <summary>Translates; null (a socket without address) counts as this machine.</summary>
    public static ClientAddress From(IPAddress? address)
    {
        if (address is null)
        {
            return new("local", "local", true);
        }

        IPAddress plain = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
        string text = plain.ToString();
        return IPAddress.IsLoopback(plain) ? new(text, "loopback", true)
            : plain.AddressFamily == AddressFamily.InterNetworkV6 ? new(text, Convert.ToHexStringLower(plain.GetAddressBytes().AsSpan(0, 8)), false)
            : new(text, text, false);
    }
}
