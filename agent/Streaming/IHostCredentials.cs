using Grpc.Net.Client;

namespace HostAgent.Agent.Streaming;

/// <summary>Where the stream's certificate comes from.</summary>
internal interface IHostCredentials
{
    /// <summary>What the next connection is to use; gets a certificate first when there is none.</summary>
    /// <exception cref="NotEnrolledException">There is none, and no way to get one.</exception>
    /// <exception cref="Grpc.Core.RpcException">The aggregator is away or refuses.</exception>
    public Task<ChannelTrust> ReadyAsync(CancellationToken cancellation);

    /// <summary>Completes when a new certificate has taken the place of the one that the connection uses.</summary>
    public Task RenewedAsync(GrpcChannel channel, CancellationToken cancellation);

    /// <summary>The aggregator does not accept the certificate. Returns whether that is news: the next <see cref="ReadyAsync"/> tries to get
    /// another one.</summary>
    public bool Doubt();
}
