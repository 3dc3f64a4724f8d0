using Grpc.Core.Wire;
using Grpc.Net.Compression;

namespace Grpc.Net.Client.Internal;

/// <summary>The algorithms of a channel and the header that announces them.</summary>
internal sealed class ClientCompression(IList<ICompressionProvider> providers)
{
    private readonly ICompressionProvider[] _providers = [.. providers];

    /// <summary>Value of <c>grpc-accept-encoding</c>.</summary>
    public string AcceptEncoding { get; } = string.Join(',', providers.Select(static p => p.EncodingName).Prepend(GrpcHeaders.Identity));

    /// <summary>The algorithm with this name, or null.</summary>
    public ICompressionProvider? Find(string? encoding)
    {
        foreach (ICompressionProvider provider in _providers)
        {
            if (provider.EncodingName == encoding)
            {
                return provider;
            }
        }

        return null;
    }
}
