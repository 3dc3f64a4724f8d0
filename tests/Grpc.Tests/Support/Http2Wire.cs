using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace HostAgent.Grpc.Tests.Support;

/// <summary>One end of an HTTP/2 connection, spoken frame by frame (RFC 9113), to say what no library would.</summary>
internal sealed class Http2Wire : IDisposable
{
    public const byte Data = 0;
    public const byte Headers = 1;
    public const byte RstStream = 3;
    public const byte Settings = 4;
    public const byte Ping = 6;
    public const byte GoAway = 7;
    public const byte EndStream = 1;
    public const byte EndHeaders = 4;

    private readonly TcpClient _tcp;
    private readonly NetworkStream _stream;

    private Http2Wire(TcpClient tcp)
    {
        _tcp = tcp;
        _stream = tcp.GetStream();
    }

    /// <summary>Connects as a client and exchanges settings.</summary>
    public static async Task<Http2Wire> ConnectAsync(int port)
    {
        var tcp = new TcpClient { NoDelay = true };
        await tcp.ConnectAsync(IPAddress.Loopback, port);
        var wire = new Http2Wire(tcp);
        await wire._stream.WriteAsync("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"u8.ToArray());
        await wire.SendAsync(Settings, 0, 0, []);
        return wire;
    }

    /// <summary>Accepts a client as a server and exchanges settings.</summary>
    public static async Task<Http2Wire> AcceptAsync(TcpListener listener)
    {
        var wire = new Http2Wire(await listener.AcceptTcpClientAsync());
        await wire._stream.ReadExactlyAsync(new byte[24]);
        await wire.SendAsync(Settings, 0, 0, []);
        return wire;
    }

    public async Task SendAsync(byte type, byte flags, int stream, byte[] payload)
    {
        byte[] frame = new byte[9 + payload.Length];
        frame[0] = (byte)(payload.Length >> 16);
        BinaryPrimitives.WriteUInt16BigEndian(frame.AsSpan(1), (ushort)payload.Length);
        frame[3] = type;
        frame[4] = flags;
        BinaryPrimitives.WriteInt32BigEndian(frame.AsSpan(5), stream);
        payload.CopyTo(frame, 9);
        await _stream.WriteAsync(frame);
    }

    /// <summary>Opens a stream with the head of a gRPC call.</summary>
    public Task OpenCallAsync(int stream, string method, bool end = false, params (string Name, string Value)[] more)
        => SendAsync(Headers, (byte)(EndHeaders | (end ? EndStream : 0)), stream, Encode(
            [
                (":method", "POST"), (":scheme", "http"), (":path", "/hostagent.grpc.probe.Probe/" + method), (":authority", "localhost"),
                ("content-type", "application/grpc"), ("te", "trailers"), .. more,
            ]));

    /// <summary>Header fields in HPACK, literal and never indexed (RFC 7541, 6.2.2).</summary>
    public static byte[] Encode(params (string Name, string Value)[] fields)
    {
        using var block = new MemoryStream();
        foreach ((string name, string value) in fields)
        {
            block.WriteByte(0);
            WriteText(block, name);
            WriteText(block, value);
        }

        return block.ToArray();
    }

    /// <summary>The next frame other than SETTINGS, PING and WINDOW_UPDATE, which it answers or skips. Null: the peer closed.</summary>
    public async Task<(byte Type, byte Flags, int Stream, byte[] Payload)?> ReadAsync(TimeSpan? limit = null)
    {
        using var deadline = new CancellationTokenSource(limit ?? TimeSpan.FromSeconds(20));
        byte[] head = new byte[9];
        while (true)
        {
            try
            {
                await _stream.ReadExactlyAsync(head, deadline.Token);
                byte[] payload = new byte[(head[0] << 16) | (head[1] << 8) | head[2]];
                await _stream.ReadExactlyAsync(payload, deadline.Token);
                int stream = BinaryPrimitives.ReadInt32BigEndian(head.AsSpan(5));
                switch (head[3])
                {
                    case Settings when (head[4] & 1) == 0:
                        await SendAsync(Settings, 1, 0, []);
                        break;
                    case Ping when (head[4] & 1) == 0:
                        await SendAsync(Ping, 1, 0, payload);
                        break;
                    case Data or Headers or RstStream or GoAway:
                        return (head[3], head[4], stream, payload);
                    default:
                        break;
                }
            }
            catch (Exception e) when (e is IOException or EndOfStreamException)
            {
                return null;
            }
        }
    }

    /// <summary>Reads until a header block with <c>grpc-status</c> ends the stream, and returns the raw text of all header blocks. Kestrel
    /// writes such fields as literals without Huffman coding, so the text can be searched.</summary>
    public async Task<string> ReadCallAsync(int stream)
    {
        var text = new StringBuilder();
        while (await ReadAsync() is { } frame)
        {
            if (frame.Stream != stream)
            {
                continue;
            }

            if (frame.Type == Headers)
            {
                text.Append(Encoding.Latin1.GetString(frame.Payload));
            }

            if (frame.Type == RstStream)
            {
                return text.Append($"RST_STREAM {BinaryPrimitives.ReadInt32BigEndian(frame.Payload)}").ToString();
            }

            if ((frame.Flags & EndStream) != 0 && frame.Type is Data or Headers)
            {
                return text.ToString();
            }
        }

        return text.Append("closed").ToString();
    }

    /// <summary>Ends the connection with a TCP reset.</summary>
    public void Abort() => _tcp.Client?.Close(0);

    public void Dispose() => _tcp.Dispose();

    private static void WriteText(MemoryStream block, string text)
    {
        byte[] bytes = Encoding.Latin1.GetBytes(text);
        int length = bytes.Length;
        if (length < 127)
        {
            block.WriteByte((byte)length);
        }
        else
        {
            block.WriteByte(127);
            for (length -= 127; length >= 128; length >>= 7)
            {
                block.WriteByte((byte)(length | 128));
            }

            block.WriteByte((byte)length);
        }

        block.Write(bytes);
    }
}
