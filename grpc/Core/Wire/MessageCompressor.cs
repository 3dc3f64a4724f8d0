using System.IO.Compression;
using Grpc.Net.Compression;

namespace Grpc.Core.Wire;

/// <summary>Compresses payloads with one algorithm into a buffer of its own. One per call.</summary>
internal sealed class MessageCompressor(ICompressionProvider provider, CompressionLevel? level)
{
    private readonly PooledBuffer _output = new();
    private BufferWriterStream? _stream;

    /// <summary>The result is valid until <see cref="Reset"/>.</summary>
    public PooledBuffer Compress(ReadOnlySpan<byte> payload)
    {
        _output.Reset();
        _stream ??= new BufferWriterStream(_output);
        using (Stream compression = provider.CreateCompressionStream(_stream, level))
        {
            compression.Write(payload);
        }

        return _output;
    }

    public void Reset() => _output.Release();
}
