using Microsoft.Extensions.Hosting;

namespace Grpc.AspNetCore.Server.Internal;

/// <summary>Tells streams that the host is stopping. Kestrel refuses new streams (GOAWAY) but would wait for the open ones until its
/// timeout: a stream has no end of its own, so it is told.</summary>
internal sealed class ServerShutdown(IHostApplicationLifetime lifetime)
{
    /// <summary>Fires when the host begins to stop.</summary>
    public CancellationToken Stopping => lifetime.ApplicationStopping;
}
