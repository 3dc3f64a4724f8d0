using System.IO.Compression;

namespace Grpc.Net.Compression;

/// <summary>A compression algorithm for messages.</summary>
public interface ICompressionProvider
{
    /// <summary>Its name in <c>grpc-encoding</c>.</summary>
    public string EncodingName { get; }

    /// <summary>A stream that compresses what is written to it into <paramref name="stream"/>, which it leaves open.</summary>
    public Stream CreateCompressionStream(Stream stream, CompressionLevel? compressionLevel);

    /// <summary>A stream that expands what it reads from <paramref name="stream"/>.</summary>
    public Stream CreateDecompressionStream(Stream stream);
}
