using Grpc.Net.Client;
using HostAgent.Agent.Streaming;

namespace HostAgent.Agent.Tests.Streaming;

/// <summary>For aggregators that ask for none.</summary>
internal sealed class NoCredentials : IHostCredentials
{
    public Task<ChannelTrust> ReadyAsync(CancellationToken cancellation) => Task.FromResult(ChannelTrust.None);

    public Task RenewedAsync(GrpcChannel channel, CancellationToken cancellation) => Task.Delay(Timeout.InfiniteTimeSpan, cancellation);

    public bool Doubt() => false;
}
