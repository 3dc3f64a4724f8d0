using System.Diagnostics.CodeAnalysis;
using Grpc.Core.Interceptors;
using Microsoft.Extensions.DependencyInjection;

namespace Grpc.AspNetCore.Server;

/// <summary>An interceptor of services: its type and what its constructor gets besides the host's services.</summary>
public class InterceptorRegistration
{
    private readonly object[] _arguments;

    internal InterceptorRegistration(
        [DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)] Type type, object[] arguments)
    {
        ArgumentNullException.ThrowIfNull(type);
        ArgumentNullException.ThrowIfNull(arguments);
        Type = type;
        _arguments = arguments;
    }

    /// <summary>The interceptor's type.</summary>
    [DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)]
    public Type Type { get; }

    /// <summary>Arguments of its constructor.</summary>
    public IReadOnlyList<object> Arguments => _arguments;

    /// <summary>The host's instance when it has one, else a new one for this call.</summary>
    internal Interceptor Get(IServiceProvider services)
        => (Interceptor)(services.GetService(Type) ?? ActivatorUtilities.CreateInstance(services, Type, _arguments));
}
