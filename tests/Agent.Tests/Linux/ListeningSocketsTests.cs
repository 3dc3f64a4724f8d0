using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using HostAgent.Agent.Linux;

namespace HostAgent.Agent.Tests.Linux;

public sealed class ListeningSocketsTests
{
    [Fact]
    public void Listeners_of_both_protocols_and_families_are_found_with_their_inodes()
    {
        using var sockets = new ListeningSockets();
        Assert.SkipWhen(sockets.AddTcp(new TickGate()) < 0 || sockets.AddUdp(new TickGate()) < 0, "this kernel has no inet_diag");
        using var tcp4 = Bind(SocketType.Stream, IPAddress.Loopback, dual: false);
        using var tcp6 = Bind(SocketType.Stream, IPAddress.IPv6Loopback, dual: false);
        using var dual = Bind(SocketType.Stream, IPAddress.IPv6Any, dual: true);
        using var only = Bind(SocketType.Stream, IPAddress.IPv6Any, dual: false);
        using var udp4 = Bind(SocketType.Dgram, IPAddress.Loopback, dual: false);
        using var udp6 = Bind(SocketType.Dgram, IPAddress.IPv6Loopback, dual: false);
        sockets.Clear();
        sockets.AddTcp(new TickGate());
        sockets.AddUdp(new TickGate());
        foreach (Socket one in (Socket[])[tcp4, tcp6, dual, only, udp4, udp6])
        {
            var end = (IPEndPoint)one.LocalEndPoint!;
            ListeningSocket found = Assert.Single(
                sockets.Found.ToArray(), socket => socket.Port == end.Port && socket.IsUdp == (one.SocketType == SocketType.Dgram) && socket.AddressText() == end.Address.ToString());
            Assert.Equal(one.AddressFamily == AddressFamily.InterNetworkV6, found.IsV6);
            Assert.Equal(one == only || one == tcp6 || one == udp6, found.IsV6Only);
            Assert.Equal($"socket:[{found.Inode}]", File.ResolveLinkTarget($"/proc/self/fd/{one.Handle}", false)!.Name);
        }
    }

    [Fact]
    public void A_connection_that_nobody_accepts_waits_in_the_queue()
    {
        using var server = Bind(SocketType.Stream, IPAddress.Loopback, dual: false);
        using var client = new Socket(SocketType.Stream, ProtocolType.Tcp);
        client.Connect(server.LocalEndPoint!);
        using var sockets = new ListeningSockets();
        Assert.SkipWhen(sockets.AddTcp(new TickGate()) < 0, "this kernel has no inet_diag");
        int at = Array.FindIndex(sockets.Found.ToArray(), socket => !socket.IsV6 && socket.Port == ((IPEndPoint)server.LocalEndPoint!).Port);
        Assert.Equal((1, 7), (sockets.QueueOf(at), sockets.LimitOf(at)));
    }

    [Fact]
    public void No_bytes_make_it_crash_or_run_for_ever()
    {
        var random = new Random(11);
        using var sockets = new ListeningSockets();
        for (int round = 0; round < 20_000; round++)
        {
            byte[] datagram = [.. Message(20, 80), .. Message(20, 77), .. Message(3, 4)];
            for (int i = 0; i < 6; i++)
            {
                datagram[random.Next(datagram.Length)] = (byte)random.Next(256);
            }

            sockets.Clear();
            Assert.InRange(sockets.Take(datagram.AsSpan(0, random.Next(datagram.Length + 1)), udp: false, out _), int.MinValue, 0);
            Assert.InRange(sockets.Count, 0, 12);
        }
    }

    private static byte[] Message(ushort type, int bodyBytes)
    {
        byte[] message = new byte[(16 + bodyBytes + 3) & ~3];
        BinaryPrimitives.WriteInt32LittleEndian(message, 16 + bodyBytes);
        BinaryPrimitives.WriteUInt16LittleEndian(message.AsSpan(4), type);
        if (bodyBytes > 75)
        {
            (message[16], message[16 + 72], message[16 + 74]) = (10, 5, 11);
        }

        return message;
    }

    private static Socket Bind(SocketType type, IPAddress address, bool dual)
    {
        var socket = new Socket(address.AddressFamily, type, type == SocketType.Stream ? ProtocolType.Tcp : ProtocolType.Udp);
        if (address.AddressFamily == AddressFamily.InterNetworkV6)
        {
            socket.DualMode = dual;
        }

        socket.Bind(new IPEndPoint(address, 0));
        if (type == SocketType.Stream)
        {
            socket.Listen(7);
        }

        return socket;
    }
}
