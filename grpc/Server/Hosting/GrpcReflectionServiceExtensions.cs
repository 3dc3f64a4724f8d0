using Grpc.AspNetCore.Server.Internal;
using Grpc.Reflection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds grpc.reflection.v1 to a host.</summary>
public static class GrpcReflectionServiceExtensions
{
    /// <summary>Adds the reflection service; map it with MapGrpcReflectionService. It describes the services that are mapped.</summary>
    public static IServiceCollection AddGrpcReflection(this IServiceCollection services)
    {
        ArgumentNullException.ThrowIfNull(services);
        services.TryAddSingleton(static provider => new ReflectionServiceImpl(provider.GetRequiredService<MappedServices>().Descriptors));
        return services;
    }
}
