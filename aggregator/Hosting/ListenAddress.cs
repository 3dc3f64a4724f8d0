using System.Globalization;
using System.Net;

namespace HostAgent.Aggregator.Hosting;

/// <summary>ADDRESS:PORT as operators write it.</summary>
internal static class ListenAddress
{
    /// <summary>What the error messages and the help say is allowed.</summary>
    public const string Allowed = "give ADDRESS:PORT, for example 127.0.0.1:7480, [::1]:7480, localhost:7480 or 0.0.0.0:7480; port 0 picks a free one";

    /// <summary>Reads an IPv4 address, a bracketed IPv6 address or <c>localhost</c>, a colon and a port. Host names are refused: which of
    /// their addresses was meant would be a guess.</summary>
    public static bool TryParse(string text, out IPEndPoint endPoint)
    {
        endPoint = new IPEndPoint(IPAddress.None, 0);
        int colon = text.LastIndexOf(':');
        if (colon <= 0 || !ushort.TryParse(text.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out ushort port))
        {
            return false;
        }

        string host = text[..colon];
        bool bracketed = host.Length > 2 && host[0] == '[' && host[^1] == ']';
        IPAddress? address;
        if (host == "localhost")
        {
            address = IPAddress.Loopback;
        }
        else if (!IPAddress.TryParse(bracketed ? host[1..^1] : host, out address)
            || bracketed != (address.AddressFamily == System.Net.Sockets.AddressFamily.InterNetworkV6)
            || (!bracketed && host.Count('.') != 3))
        {
            return false;
        }

        endPoint = new IPEndPoint(address, port);
        return true;
    }

    /// <summary>The URL a program on this machine uses for a listener bound to <paramref name="bound"/>; a wildcard becomes loopback.</summary>
    public static string LocalUrl(string scheme, IPEndPoint bound)
    {
        IPAddress address = bound.Address.Equals(IPAddress.Any) ? IPAddress.Loopback
            : bound.Address.Equals(IPAddress.IPv6Any) ? IPAddress.IPv6Loopback
            : bound.Address;
        return $"{scheme}://{new IPEndPoint(address, bound.Port)}";
    }
}
