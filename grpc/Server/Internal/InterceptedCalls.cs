using Grpc.Core;
using Grpc.Core.Interceptors;

namespace Grpc.AspNetCore.Server.Internal;

/// <summary>Wraps a service method in the interceptors of its service, the first registered outermost.</summary>
internal static class InterceptedCalls
{
    public static UnaryServerMethod<TRequest, TResponse> Wrap<TRequest, TResponse>(
        UnaryServerMethod<TRequest, TResponse> method, HttpServerCallContext context)
        where TRequest : class
        where TResponse : class
        => Fold(method, context, static (next, interceptor) => (request, call) => interceptor.UnaryServerHandler(request, call, next));

    public static ClientStreamingServerMethod<TRequest, TResponse> Wrap<TRequest, TResponse>(
        ClientStreamingServerMethod<TRequest, TResponse> method, HttpServerCallContext context)
        where TRequest : class
        where TResponse : class
        => Fold(method, context, static (next, interceptor) => (requests, call) => interceptor.ClientStreamingServerHandler(requests, call, next));

    public static ServerStreamingServerMethod<TRequest, TResponse> Wrap<TRequest, TResponse>(
        ServerStreamingServerMethod<TRequest, TResponse> method, HttpServerCallContext context)
        where TRequest : class
        where TResponse : class
        => Fold(
            method,
            context,
            static (next, interceptor) => (request, responses, call) => interceptor.ServerStreamingServerHandler(request, responses, call, next));

    public static DuplexStreamingServerMethod<TRequest, TResponse> Wrap<TRequest, TResponse>(
        DuplexStreamingServerMethod<TRequest, TResponse> method, HttpServerCallContext context)
        where TRequest : class
        where TResponse : class
        => Fold(
            method,
            context,
            static (next, interceptor) => (requests, responses, call) => interceptor.DuplexStreamingServerHandler(requests, responses, call, next));

    private static TMethod Fold<TMethod>(TMethod method, HttpServerCallContext context, Func<TMethod, Interceptor, TMethod> wrap)
    {
        IReadOnlyList<InterceptorRegistration> registrations = context.Settings.Interceptors;
        for (int i = registrations.Count - 1; i >= 0; i--)
        {
            method = wrap(method, registrations[i].Get(context.Http.RequestServices));
        }

        return method;
    }
}
