using System.IO.Compression;
using Grpc.Net.Compression;

namespace Grpc.Net.Client.Internal;

/// <summary>The algorithms of a channel that names none.</summary>
internal static class CompressionDefaults
{
    public static IList<ICompressionProvider> Providers { get; } =
        [new GzipCompressionProvider(CompressionLevel.Fastest), new DeflateCompressionProvider(CompressionLevel.Fastest)];
}
