using Microsoft.Extensions.DependencyInjection;

namespace Grpc.AspNetCore.Server;

/// <summary>Configures gRPC after AddGrpc.</summary>
public interface IGrpcServerBuilder
{
    /// <summary>The services of the host.</summary>
    public IServiceCollection Services { get; }
}
