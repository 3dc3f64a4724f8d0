using System.Buffers;
using System.Buffers.Binary;

namespace Grpc.Core.Wire;

/// <summary>The length-prefixed message: one byte that says whether it is compressed, four bytes of length, most significant first,
/// and the payload (PROTOCOL-HTTP2.md, Length-Prefixed-Message). Pure functions over bytes.</summary>
internal static class MessageFrame
{
    /// <summary>Bytes before the payload.</summary>
    public const int HeaderBytes = 5;

    /// <summary>Writes the five bytes.</summary>
    public static void WriteHeader(Span<byte> header, bool compressed, int payloadBytes)
    {
        header[0] = compressed ? (byte)1 : (byte)0;
        BinaryPrimitives.WriteUInt32BigEndian(header[1..], (uint)payloadBytes);
    }

    /// <summary>Reads the five bytes.</summary>
    /// <exception cref="RpcException">Internal: the first byte is neither 0 nor 1. ResourceExhausted: longer than allowed.</exception>
    public static int ReadHeader(ReadOnlySpan<byte> header, int? maxPayloadBytes, out bool compressed)
    {
        byte flag = header[0];
        if (flag > 1)
        {
            throw new RpcException(new Status(StatusCode.Internal, $"Message has the compression flag {flag}; only 0 and 1 are defined."));
        }

        compressed = flag == 1;
        uint length = BinaryPrimitives.ReadUInt32BigEndian(header[1..]);
        int limit = maxPayloadBytes ?? int.MaxValue - HeaderBytes;
        return length <= (uint)limit
            ? (int)length
            : throw new RpcException(new Status(
                StatusCode.ResourceExhausted, $"Received message of {length} bytes exceeds the maximum of {limit} bytes."));
    }

    /// <summary>Whether a whole message stands at the front of <paramref name="buffer"/>.</summary>
    /// <exception cref="RpcException">As <see cref="ReadHeader"/>.</exception>
    public static bool HoldsMessage(ReadOnlySequence<byte> buffer, int? maxPayloadBytes) => TryRead(ref buffer, maxPayloadBytes, out _, out _);

    /// <summary>Takes one whole message off the front of <paramref name="buffer"/>; false when it does not hold one yet.</summary>
    /// <exception cref="RpcException">As <see cref="ReadHeader"/>.</exception>
    public static bool TryRead(
        ref ReadOnlySequence<byte> buffer, int? maxPayloadBytes, out bool compressed, out ReadOnlySequence<byte> payload)
    {
        payload = default;
        compressed = false;
        if (buffer.Length < HeaderBytes)
        {
            return false;
        }

        int length;
        if (buffer.FirstSpan.Length >= HeaderBytes)
        {
            length = ReadHeader(buffer.FirstSpan[..HeaderBytes], maxPayloadBytes, out compressed);
        }
        else
        {
            Span<byte> header = stackalloc byte[HeaderBytes];
            buffer.Slice(0, HeaderBytes).CopyTo(header);
            length = ReadHeader(header, maxPayloadBytes, out compressed);
        }

        if (buffer.Length < (long)HeaderBytes + length)
        {
            return false;
        }

        payload = buffer.Slice(HeaderBytes, length);
        buffer = buffer.Slice(payload.End);
        return true;
    }
}
