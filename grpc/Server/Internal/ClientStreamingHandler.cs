using System.Diagnostics.CodeAnalysis;
using Grpc.Core;

namespace Grpc.AspNetCore.Server.Internal;

/// <summary>Many requests, one response.</summary>
internal sealed class ClientStreamingHandler<[DynamicallyAccessedMembers(ServiceActivation.Members)] TService, TRequest, TResponse>(
    Method<TRequest, TResponse> method,
    CallSettings settings,
    Func<TService, IAsyncStreamReader<TRequest>, ServerCallContext, Task<TResponse>> invoke)
    : CallHandler<TService, TRequest, TResponse>(method, settings)
    where TService : class
    where TRequest : class
    where TResponse : class
{
    protected override async Task InvokeAsync(
        TService service, RequestStreamReader<TRequest> requests, ResponseStreamWriter<TResponse> responses, HttpServerCallContext context)
    {
        Task<TResponse> call = context.Settings.Interceptors.Count == 0
            ? invoke(service, requests, context)
            : InterceptedCalls.Wrap<TRequest, TResponse>(
                (IAsyncStreamReader<TRequest> r, ServerCallContext c) => invoke(service, r, c), context)(requests, context);
        TResponse response = await call.ConfigureAwait(false);
        CallEnd.WriteResponse(context, responses, response);
    }
}
