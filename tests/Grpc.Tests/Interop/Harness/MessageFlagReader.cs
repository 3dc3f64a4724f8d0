using System.Buffers.Binary;

namespace HostAgent.Grpc.Tests.Interop.Harness;

/// <summary>Reads one direction of an HTTP/2 connection and tells the compressed flag of every gRPC message that it carries.</summary>
/// <remarks>Frames: RFC 9113 sections 3.4, 4.1 and 6.1; messages: "Length-Prefixed-Message" of the gRPC over HTTP/2 specification.
/// Only DATA frames matter here, so header compression needs no decoding.</remarks>
internal sealed class MessageFlagReader(bool startsWithPreface, Action<bool> onMessage)
{
    private const int PrefaceBytes = 24;
    private const int FrameHeaderBytes = 9;
    private const int MessageHeaderBytes = 5;
    private const byte DataFrame = 0;
    private const byte PaddedFlag = 0x8;

    private readonly Dictionary<uint, StreamState> _streams = [];
    private readonly List<byte> _pending = [];
    private bool _expectsPreface = startsWithPreface;

    /// <summary>Takes the next bytes of the connection, cut anywhere.</summary>
    public void Feed(ReadOnlySpan<byte> bytes)
    {
        _pending.AddRange(bytes);
        int used = 0;
        if (_expectsPreface && _pending.Count >= PrefaceBytes)
        {
            _expectsPreface = false;
            used = PrefaceBytes;
        }

        ReadOnlySpan<byte> all = System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_pending);
        while (!_expectsPreface && all.Length - used >= FrameHeaderBytes)
        {
            ReadOnlySpan<byte> header = all.Slice(used, FrameHeaderBytes);
            int length = (header[0] << 16) | (header[1] << 8) | header[2];
            if (all.Length - used < FrameHeaderBytes + length)
            {
                break;
            }

            if (header[3] == DataFrame)
            {
                ReadData(StreamOf(header), WithoutPadding(header[4], all.Slice(used + FrameHeaderBytes, length)));
            }

            used += FrameHeaderBytes + length;
        }

        _pending.RemoveRange(0, used);
    }

    private static ReadOnlySpan<byte> WithoutPadding(byte flags, ReadOnlySpan<byte> payload)
        => (flags & PaddedFlag) == 0 ? payload : payload[1..^payload[0]];

    private StreamState StreamOf(ReadOnlySpan<byte> frameHeader)
    {
        uint id = BinaryPrimitives.ReadUInt32BigEndian(frameHeader[5..]) & 0x7fffffff;
        if (!_streams.TryGetValue(id, out StreamState? stream))
        {
            _streams.Add(id, stream = new StreamState());
        }

        return stream;
    }

    private void ReadData(StreamState stream, ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            if (stream.BodyBytesLeft > 0)
            {
                int skipped = (int)Math.Min(stream.BodyBytesLeft, bytes.Length);
                stream.BodyBytesLeft -= skipped;
                bytes = bytes[skipped..];
                continue;
            }

            stream.Header[stream.HeaderBytes++] = bytes[0];
            bytes = bytes[1..];
            if (stream.HeaderBytes == MessageHeaderBytes)
            {
                stream.HeaderBytes = 0;
                stream.BodyBytesLeft = BinaryPrimitives.ReadUInt32BigEndian(stream.Header.AsSpan(1));
                onMessage(stream.Header[0] == 1);
            }
        }
    }

    private sealed class StreamState
    {
        public byte[] Header { get; } = new byte[MessageHeaderBytes];

        public int HeaderBytes { get; set; }

        public long BodyBytesLeft { get; set; }
    }
}
