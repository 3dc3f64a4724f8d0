using System.Diagnostics.CodeAnalysis;
using Grpc.Core;

namespace Grpc.AspNetCore.Server.Internal;

/// <summary>Many requests, many responses.</summary>
internal sealed class DuplexHandler<[DynamicallyAccessedMembers(ServiceActivation.Members)] TService, TRequest, TResponse>(
    Method<TRequest, TResponse> method,
    CallSettings settings,
    Func<TService, IAsyncStreamReader<TRequest>, IServerStreamWriter<TResponse>, ServerCallContext, Task> invoke)
    : CallHandler<TService, TRequest, TResponse>(method, settings)
    where TService : class
    where TRequest : class
    where TResponse : class
{
    protected override Task InvokeAsync(
        TService service, RequestStreamReader<TRequest> requests, ResponseStreamWriter<TResponse> responses, HttpServerCallContext context)
        => context.Settings.Interceptors.Count == 0
            ? invoke(service, requests, responses, context)
            : InterceptedCalls.Wrap<TRequest, TResponse>(
                (IAsyncStreamReader<TRequest> r, IServerStreamWriter<TResponse> w, ServerCallContext c) => invoke(service, r, w, c), context)(
                requests, responses, context);
}
