using System.Diagnostics.CodeAnalysis;
using Grpc.Core;

namespace Grpc.AspNetCore.Server.Internal;

/// <summary>One request, many responses.</summary>
internal sealed class ServerStreamingHandler<[DynamicallyAccessedMembers(ServiceActivation.Members)] TService, TRequest, TResponse>(
    Method<TRequest, TResponse> method,
    CallSettings settings,
    Func<TService, TRequest, IServerStreamWriter<TResponse>, ServerCallContext, Task> invoke)
    : CallHandler<TService, TRequest, TResponse>(method, settings)
    where TService : class
    where TRequest : class
    where TResponse : class
{
    protected override async Task InvokeAsync(
        TService service, RequestStreamReader<TRequest> requests, ResponseStreamWriter<TResponse> responses, HttpServerCallContext context)
    {
        TRequest request = await requests.ReadSingleAsync().ConfigureAwait(false);
        Task call = context.Settings.Interceptors.Count == 0
            ? invoke(service, request, responses, context)
            : InterceptedCalls.Wrap<TRequest, TResponse>((TRequest r, IServerStreamWriter<TResponse> w, ServerCallContext c) => invoke(service, r, w, c), context)(
                request, responses, context);
        await call.ConfigureAwait(false);
    }
}
