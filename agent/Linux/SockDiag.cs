using System.Buffers.Binary;

namespace HostAgent.Agent.Linux;

/// <summary>Counts TCP sockets by state over netlink (sock_diag(7)), IPv4 and IPv6 in one walk of the kernel's table.</summary>
/// <remarks>
/// The request is the old TCPDIAG_GETSOCK, which does not ask for an address family: the kernel then walks its table of connections once
/// for both, where SOCK_DIAG_BY_FAMILY would walk it twice. Only sockets in the wanted states are sent back.
/// </remarks>
internal sealed class SockDiag : IDisposable
{
    /// <summary>States of TCP sockets are numbered 1 (ESTABLISHED) to 12 (NEW_SYN_RECV): tcp_states.h.</summary>
    public const int States = 13;

    private const int NetlinkSockDiag = 4;
    private const ushort TcpDiagGetSock = 18;
    private const int RequestBytes = NetlinkMessages.HeaderBytes + 60;

    private readonly byte[] _request = new byte[RequestBytes];
    private readonly byte[] _buffer = new byte[64 * 1024];
    private int _socket = -1;
    private bool _unread;

    /// <summary>Counts the sockets in the states whose bits are set in <paramref name="wanted"/>. Returns 0, or the negated errno.</summary>
    /// <param name="gate">Goes around each call.</param>
    /// <param name="wanted">Bit n for state n.</param>
    /// <param name="counts">Count by state, at least <see cref="States"/> long.</param>
    public int Count(TickGate gate, uint wanted, Span<long> counts)
    {
        counts.Clear();
        if (_unread)
        {
            // A dump that was cut short: whatever is still on its way must not be counted with this one.
            Dispose();
        }

        if (_socket < 0)
        {
            int opened = SocketCall.Netlink(NetlinkSockDiag);
            if (opened < 0)
            {
                return opened;
            }

            _socket = opened;
        }

        _unread = true;
        gate.Enter();
        int result = Send(wanted);
        gate.Leave();
        bool done = false;
        while (result >= 0 && !done)
        {
            gate.Enter();
            int bytes = ReceiveCall.Receive(_socket, _buffer);
            gate.Leave();
            result = bytes < 0 ? bytes : Take(_buffer.AsSpan(0, bytes), wanted, counts, out done);
        }

        _unread = !done || result < 0;
        return result;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_socket >= 0)
        {
            CloseCall.Close(_socket);
            _socket = -1;
        }
    }

    /// <summary>Counts the sockets in a datagram of the answer. Returns 0, or the negated errno that it carries.</summary>
    internal static int Take(ReadOnlySpan<byte> datagram, uint wanted, Span<long> counts, out bool done)
    {
        // struct inet_diag_msg: family, state, ...
        var messages = new NetlinkMessages(datagram);
        while (messages.MoveNext())
        {
            ReadOnlySpan<byte> body = messages.Body;
            if (body.Length >= 2 && body[1] < States && (wanted & (1u << body[1])) != 0)
            {
                counts[body[1]]++;
            }
        }

        done = messages.IsDone;
        return messages.Error;
    }

    // struct inet_diag_req: family, source length, destination length, extensions (1 byte each), socket id (48 bytes), states (4), reserved (4).
    private int Send(uint wanted)
    {
        BinaryPrimitives.WriteInt32LittleEndian(_request, RequestBytes);
        BinaryPrimitives.WriteUInt16LittleEndian(_request.AsSpan(4), TcpDiagGetSock);
        BinaryPrimitives.WriteUInt16LittleEndian(_request.AsSpan(6), NetlinkMessages.RequestDump);
        BinaryPrimitives.WriteUInt32LittleEndian(_request.AsSpan(NetlinkMessages.HeaderBytes + 52), wanted);
        return SendCall.Send(_socket, _request);
    }
}
