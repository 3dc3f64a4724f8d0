using Grpc.AspNetCore.HealthChecks;
using Grpc.Health.V1;
using Grpc.HealthCheck;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds grpc.health.v1 to a host.</summary>
public static class GrpcHealthChecksServiceExtensions
{
    /// <summary>Adds the health service; map it with MapGrpcHealthChecksService. It serves from the start and follows the host's health
    /// checks, whose interval is that of <see cref="HealthCheckPublisherOptions"/>.</summary>
    public static IHealthChecksBuilder AddGrpcHealthChecks(this IServiceCollection services)
    {
        ArgumentNullException.ThrowIfNull(services);
        services.TryAddSingleton(static _ =>
        {
            var health = new HealthServiceImpl();
            health.SetStatus("", HealthCheckResponse.Types.ServingStatus.Serving);
            return health;
        });
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IHealthCheckPublisher, HealthStatusPublisher>());
        return services.AddHealthChecks();
    }
}
