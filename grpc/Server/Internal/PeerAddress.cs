using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Http;

namespace Grpc.AspNetCore.Server.Internal;

/// <summary>The address of a client in gRPC's notation.</summary>
internal static class PeerAddress
{
    public static string Of(ConnectionInfo connection)
    {
        IPAddress? address = connection.RemoteIpAddress;
        if (address is null)
        {
            return "unknown";
        }

        string port = connection.RemotePort.ToString(CultureInfo.InvariantCulture);
        return address.AddressFamily switch
        {
            AddressFamily.InterNetwork => "ipv4:" + address + ":" + port,
            AddressFamily.InterNetworkV6 => "ipv6:[" + address + "]:" + port,
            _ => "unknown:" + address + ":" + port,
        };
    }
}
