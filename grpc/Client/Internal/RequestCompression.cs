using Grpc.Core;
using Grpc.Core.Wire;
using Grpc.Net.Compression;

namespace Grpc.Net.Client.Internal;

/// <summary>How a call's requests are compressed: chosen by the metadata <c>grpc-internal-encoding-request</c>.</summary>
internal readonly struct RequestCompression
{
    private RequestCompression(ICompressionProvider provider)
    {
        Provider = provider;
    }

    /// <summary>Null: identity.</summary>
    public ICompressionProvider? Provider { get; }

    /// <exception cref="InvalidOperationException">The channel does not have the algorithm.</exception>
    public static RequestCompression Select(Metadata? headers, GrpcChannel channel)
    {
        string? name = headers?.GetValue(GrpcHeaders.InternalEncodingRequest);
        if (name is null or GrpcHeaders.Identity)
        {
            return default;
        }

        return new RequestCompression(channel.Compression.Find(name)
            ?? throw new InvalidOperationException($"Could not find compression provider for '{name}'."));
    }

    /// <summary>A writer of messages for one call.</summary>
    public MessageWriter CreateWriter(int? maxSendMessageSize)
        => new(Provider is null ? null : new MessageCompressor(Provider, null), maxSendMessageSize);
}
