using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using Grpc.Core;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Grpc.AspNetCore.Server.Internal;

/// <summary>From a service class to endpoints: finds the generated bind method and lets it name the methods.</summary>
internal static class ServiceMapping
{
    public static List<IEndpointConventionBuilder> Map<[DynamicallyAccessedMembers(ServiceActivation.Members)] TService>(
        IEndpointRouteBuilder endpoints)
        where TService : class
    {
        IServiceProvider services = endpoints.ServiceProvider;
        GrpcServiceOptions shared = services.GetRequiredService<IOptions<GrpcServiceOptions>>().Value;
        GrpcServiceOptions own = services.GetRequiredService<IOptions<GrpcServiceOptions<TService>>>().Value;
        ILogger logger = services.GetRequiredService<ILoggerFactory>().CreateLogger("Grpc.AspNetCore.Server.ServerCallHandler");
        var settings = new CallSettings(shared, own, services.GetRequiredService<ServerShutdown>(), logger);

        var binder = new EndpointBinder<TService>(endpoints, settings);
        Bind<TService>(binder, services.GetRequiredService<MappedServices>());
        UnimplementedCalls.Map(endpoints, shared);
        return binder.Endpoints;
    }

    private static void Bind<[DynamicallyAccessedMembers(ServiceActivation.Members)] TService>(
        ServiceBinderBase binder, MappedServices mapped)
    {
        BindServiceMethodAttribute attribute = typeof(TService).GetCustomAttribute<BindServiceMethodAttribute>(inherit: true)
            ?? FromBaseTypes(typeof(TService))
            ?? throw new InvalidOperationException($"{typeof(TService)} inherits no class that was generated for a gRPC service.");

        foreach (MethodInfo candidate in attribute.BindType.GetMethods(BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic))
        {
            ParameterInfo[] parameters = candidate.GetParameters();
            if (candidate.Name == attribute.BindMethodName
                && parameters.Length == 2
                && parameters[0].ParameterType == typeof(ServiceBinderBase)
                && parameters[1].ParameterType.IsAssignableFrom(typeof(TService)))
            {
                // Without an instance: the binder is told the methods and makes its own handlers.
                candidate.Invoke(null, BindingFlags.DoNotWrapExceptions, null, [binder, null], null);
                if (attribute.BindType.GetMethod("get_Descriptor", [])?.Invoke(null, null) is Google.Protobuf.Reflection.ServiceDescriptor descriptor)
                {
                    mapped.Add(descriptor);
                }

                return;
            }
        }

        throw new InvalidOperationException($"{attribute.BindType} has no method {attribute.BindMethodName} that binds {typeof(TService)}.");
    }

    private static BindServiceMethodAttribute? FromBaseTypes(Type type)
    {
        for (Type? up = type; up is not null; up = up.BaseType)
        {
            if (up.GetCustomAttribute<BindServiceMethodAttribute>(inherit: false) is { } attribute)
            {
                return attribute;
            }
        }

        return null;
    }
}
