using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using Grpc.Core;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Grpc.AspNetCore.Server.Internal;

/// <summary>Turns each method that the generated code names into an endpoint.</summary>
internal sealed class EndpointBinder<[DynamicallyAccessedMembers(ServiceActivation.Members)] TService>(
    IEndpointRouteBuilder endpoints, CallSettings settings)
    : ServiceBinderBase
    where TService : class
{
    private static readonly string[] Post = ["POST"];

    public List<IEndpointConventionBuilder> Endpoints { get; } = [];

    public override void AddMethod<TRequest, TResponse>(
        Method<TRequest, TResponse> method, UnaryServerMethod<TRequest, TResponse>? handler)
    {
        MethodInfo implementation = Find(method.Name, typeof(TRequest), typeof(ServerCallContext));
        var open = implementation.CreateDelegate<Func<TService, TRequest, ServerCallContext, Task<TResponse>>>();
        Add(method, implementation, new UnaryHandler<TService, TRequest, TResponse>(method, settings, open));
    }

    public override void AddMethod<TRequest, TResponse>(
        Method<TRequest, TResponse> method, ClientStreamingServerMethod<TRequest, TResponse>? handler)
    {
        MethodInfo implementation = Find(method.Name, typeof(IAsyncStreamReader<TRequest>), typeof(ServerCallContext));
        var open = implementation.CreateDelegate<Func<TService, IAsyncStreamReader<TRequest>, ServerCallContext, Task<TResponse>>>();
        Add(method, implementation, new ClientStreamingHandler<TService, TRequest, TResponse>(method, settings, open));
    }

    public override void AddMethod<TRequest, TResponse>(
        Method<TRequest, TResponse> method, ServerStreamingServerMethod<TRequest, TResponse>? handler)
    {
        MethodInfo implementation = Find(method.Name, typeof(TRequest), typeof(IServerStreamWriter<TResponse>), typeof(ServerCallContext));
        var open = implementation.CreateDelegate<Func<TService, TRequest, IServerStreamWriter<TResponse>, ServerCallContext, Task>>();
        Add(method, implementation, new ServerStreamingHandler<TService, TRequest, TResponse>(method, settings, open));
    }

    public override void AddMethod<TRequest, TResponse>(
        Method<TRequest, TResponse> method, DuplexStreamingServerMethod<TRequest, TResponse>? handler)
    {
        MethodInfo implementation = Find(
            method.Name, typeof(IAsyncStreamReader<TRequest>), typeof(IServerStreamWriter<TResponse>), typeof(ServerCallContext));
        var open = implementation
            .CreateDelegate<Func<TService, IAsyncStreamReader<TRequest>, IServerStreamWriter<TResponse>, ServerCallContext, Task>>();
        Add(method, implementation, new DuplexHandler<TService, TRequest, TResponse>(method, settings, open));
    }

    private static MethodInfo Find(string name, params Type[] parameters)
        => typeof(TService).GetMethod(name, BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic, parameters)
            ?? throw new InvalidOperationException($"{typeof(TService)} has no method {name} with the parameters of the gRPC method.");

    private void Add<TRequest, TResponse>(
        Method<TRequest, TResponse> method, MethodInfo implementation, CallHandler<TService, TRequest, TResponse> handler)
        where TRequest : class
        where TResponse : class
    {
        RequestDelegate run = handler.HandleAsync;
        IEndpointConventionBuilder endpoint = endpoints.MapMethods(method.FullName, Post, run);
        endpoint.Add(builder =>
        {
            builder.DisplayName = "gRPC - " + method.FullName;
            foreach (object attribute in typeof(TService).GetCustomAttributes(inherit: true))
            {
                builder.Metadata.Add(attribute);
            }

            foreach (object attribute in implementation.GetCustomAttributes(inherit: true))
            {
                builder.Metadata.Add(attribute);
            }

            builder.Metadata.Add(new GrpcMethodMetadata(typeof(TService), method));
        });
        Endpoints.Add(endpoint);
    }
}
