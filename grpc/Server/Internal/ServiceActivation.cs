using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.DependencyInjection;

namespace Grpc.AspNetCore.Server.Internal;

/// <summary>What service classes are asked for by reflection.</summary>
internal static class ServiceActivation
{
    public const DynamicallyAccessedMemberTypes Members =
        DynamicallyAccessedMemberTypes.PublicConstructors | DynamicallyAccessedMemberTypes.PublicMethods | DynamicallyAccessedMemberTypes.NonPublicMethods;
}

/// <summary>Makes instances of a service: from the host's services when it is registered there, else one per call.</summary>
internal static class ServiceActivation<[DynamicallyAccessedMembers(ServiceActivation.Members)] TService>
    where TService : class
{
    private static readonly Lazy<ObjectFactory<TService>> Factory = new(static () => ActivatorUtilities.CreateFactory<TService>([]));

    /// <summary>An instance and whether the call has to dispose it.</summary>
    public static TService Get(IServiceProvider services, out bool owned)
    {
        if (services.GetService<TService>() is { } registered)
        {
            owned = false;
            return registered;
        }

        owned = true;
        return Factory.Value(services, []);
    }
}
