using System.Buffers.Binary;

namespace HostAgent.Agent.Linux;

/// <summary>Lists listening TCP and UDP sockets, IPv4 and IPv6, over netlink (sock_diag(7)): 10 µs per question and family for TCP, however
/// many connections there are, where /proc/net/tcp costs 2.5 ms.</summary>
/// <remarks>Sees the network namespace of this process only. Not thread-safe. Allocates only for more sockets than ever before.</remarks>
internal sealed class ListenDiag : IDisposable
{
    private const int NetlinkSockDiag = 4;
    private const ushort SockDiagByFamily = 20;
    private const int RequestBytes = NetlinkMessages.HeaderBytes + 56;
    private const int MessageBytes = 72;
    private const byte V4 = 2;
    private const byte V6 = 10;
    private const byte Tcp = 6;
    private const byte Udp = 17;
    private const uint Listen = 1 << 10;
    private const uint Unconnected = 1 << 7; // TCP_CLOSE of tcp_states.h, which is what UDP calls a socket without a peer
    private const ushort V6OnlyAttribute = 11; // INET_DIAG_SKV6ONLY

    private readonly byte[] _request = new byte[RequestBytes];
    private readonly byte[] _buffer = new byte[64 * 1024];
    private ListeningSocket[] _sockets = new ListeningSocket[64];
    private long[] _queues = new long[2 * 64];
    private int _socket = -1;

    /// <summary>How many were found.</summary>
    public int Count { get; private set; }

    /// <summary>What was found, in the kernel's order.</summary>
    public ReadOnlySpan<ListeningSocket> Found => _sockets.AsSpan(0, Count);

    /// <summary>Connections that wait to be accepted at one of what was found; for UDP, bytes that wait to be read.</summary>
    public long QueueOf(int index) => _queues[2 * index];

    /// <summary>How many connections may wait there.</summary>
    public long LimitOf(int index) => _queues[(2 * index) + 1];

    /// <summary>Forgets what was found.</summary>
    public void Clear() => Count = 0;

    /// <summary>Asks for the TCP sockets of both families and adds them. Returns 0, or the negated errno.</summary>
    public int AddTcp(TickGate gate) => Both(gate, Tcp, Listen);

    /// <summary>Asks for the UDP sockets of both families and adds them. Returns 0, or the negated errno.</summary>
    public int AddUdp(TickGate gate) => Both(gate, Udp, Unconnected);

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_socket >= 0)
        {
            CloseCall.Close(_socket);
            _socket = -1;
        }
    }

    /// <summary>Takes the sockets out of one datagram of an answer. Returns 0, or the negated errno that it carries.</summary>
    internal int Take(ReadOnlySpan<byte> datagram, bool udp, out bool done)
    {
        var messages = new NetlinkMessages(datagram);
        while (messages.MoveNext())
        {
            TakeOne(messages.Body, udp);
        }

        done = messages.IsDone;
        return messages.Error;
    }

    private int Both(TickGate gate, byte protocol, uint states)
    {
        int before = Count;
        int result = Ask(gate, V4, protocol, states);
        int result6 = result < 0 ? result : Ask(gate, V6, protocol, states);
        if (result < 0 || (result6 < 0 && !Errno.MeansAbsent(-result6)))
        {
            // Half an answer is none; and what is still on its way must not be taken for the next one.
            Count = before;
            Dispose();
            return Math.Min(result, result6);
        }

        if (result6 < 0)
        {
            Dispose();
        }

        return 0;
    }

    private int Ask(TickGate gate, byte family, byte protocol, uint states)
    {
        if (_socket < 0)
        {
            int opened = SocketCall.Netlink(NetlinkSockDiag);
            if (opened < 0)
            {
                return opened;
            }

            _socket = opened;
        }

        // struct inet_diag_req_v2: family, protocol, extensions, padding (1 byte each), states (4), socket id (48).
        BinaryPrimitives.WriteInt32LittleEndian(_request, RequestBytes);
        BinaryPrimitives.WriteUInt16LittleEndian(_request.AsSpan(4), SockDiagByFamily);
        BinaryPrimitives.WriteUInt16LittleEndian(_request.AsSpan(6), NetlinkMessages.RequestDump);
        _request[NetlinkMessages.HeaderBytes] = family;
        _request[NetlinkMessages.HeaderBytes + 1] = protocol;
        BinaryPrimitives.WriteUInt32LittleEndian(_request.AsSpan(NetlinkMessages.HeaderBytes + 4), states);
        gate.Enter();
        int result = SendCall.Send(_socket, _request);
        gate.Leave();
        bool done = false;
        while (result >= 0 && !done)
        {
            gate.Enter();
            int bytes = ReceiveCall.Receive(_socket, _buffer);
            gate.Leave();
            result = bytes < 0 ? bytes : Take(_buffer.AsSpan(0, bytes), protocol == Udp, out done);
        }

        return Math.Min(result, 0);
    }

    // struct inet_diag_msg: family, state, timer, retransmits (1 byte each); ports (2 + 2, big-endian), addresses (16 + 16), interface (4), cookie (8);
    // expiry (4), receive queue (4), send queue (4), uid (4), inode (4); then attributes.
    private void TakeOne(ReadOnlySpan<byte> body, bool udp)
    {
        if (body.Length < MessageBytes || body[0] is not (V4 or V6))
        {
            return;
        }

        if (Count == _sockets.Length)
        {
            Array.Resize(ref _sockets, Count * 2);
            Array.Resize(ref _queues, Count * 4);
        }

        bool isV6 = body[0] == V6;
        UInt128 address = isV6 ? BinaryPrimitives.ReadUInt128BigEndian(body[8..]) : BinaryPrimitives.ReadUInt32BigEndian(body[8..]);
        ushort port = BinaryPrimitives.ReadUInt16BigEndian(body[4..]);
        _queues[2 * Count] = BinaryPrimitives.ReadUInt32LittleEndian(body[56..]);
        _queues[(2 * Count) + 1] = BinaryPrimitives.ReadUInt32LittleEndian(body[60..]);
        _sockets[Count++] = new ListeningSocket(
            udp, isV6, isV6 && IsV6Only(body[MessageBytes..]), port, address, BinaryPrimitives.ReadUInt32LittleEndian(body[68..]));
    }

    // struct nlattr: length with these 4 bytes (2), type (2), then the value.
    private static bool IsV6Only(ReadOnlySpan<byte> attributes)
    {
        while (attributes.Length > 4)
        {
            int length = BinaryPrimitives.ReadUInt16LittleEndian(attributes);
            if (length < 4 || length > attributes.Length)
            {
                return false;
            }

            if (BinaryPrimitives.ReadUInt16LittleEndian(attributes[2..]) == V6OnlyAttribute && length > 4)
            {
                return attributes[4] != 0;
            }

            attributes = attributes[Math.Min((length + 3) & ~3, attributes.Length)..];
        }

        return false;
    }
}
