using System.Buffers;
using Grpc.Net.Compression;

namespace Grpc.Core.Wire;

/// <summary>Expands compressed payloads with the algorithm that the peer named. One per call.</summary>
internal sealed class MessageDecompressor(ICompressionProvider? provider, string? encoding, int? maxPayloadBytes)
{
    private readonly PooledBuffer _output = new();

    /// <summary>The result is valid until <see cref="Reset"/>. Expansion stops at the size limit, so a bomb costs no more than that.</summary>
    /// <exception cref="RpcException">Internal or Unimplemented: flagged as compressed without a known encoding, or not valid bytes of it.
    /// ResourceExhausted: longer than allowed when expanded.</exception>
    public ReadOnlySequence<byte> Expand(in ReadOnlySequence<byte> payload)
    {
        if (provider is null)
        {
            throw encoding is null or GrpcHeaders.Identity
                ? new RpcException(new Status(StatusCode.Internal, "Message is flagged as compressed, but the call names no encoding."))
                : new RpcException(new Status(StatusCode.Unimplemented, $"Unsupported grpc-encoding value '{encoding}'."));
        }

        _output.Reset();
        try
        {
            using Stream expansion = provider.CreateDecompressionStream(new SequenceStream(payload));
            int limit = maxPayloadBytes ?? int.MaxValue;
            while (true)
            {
                Span<byte> space = _output.GetSpan(4096);
                int read = expansion.Read(space[..Math.Min(space.Length, 16 * 1024)]);
                if (read == 0)
                {
                    return new ReadOnlySequence<byte>(_output.Written);
                }

                _output.Advance(read);
                if (_output.Length > limit)
                {
                    throw new RpcException(new Status(
                        StatusCode.ResourceExhausted, $"Received message exceeds the maximum of {limit} bytes when expanded."));
                }
            }
        }
        catch (InvalidDataException e)
        {
            throw new RpcException(new Status(StatusCode.Internal, $"Message is not valid {encoding}: {e.Message}", e));
        }
    }

    public void Reset() => _output.Release();
}
