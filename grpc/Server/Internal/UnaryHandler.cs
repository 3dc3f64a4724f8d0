using System.Diagnostics.CodeAnalysis;
using Grpc.Core;

namespace Grpc.AspNetCore.Server.Internal;

/// <summary>One request, one response.</summary>
internal sealed class UnaryHandler<[DynamicallyAccessedMembers(ServiceActivation.Members)] TService, TRequest, TResponse>(
    Method<TRequest, TResponse> method, CallSettings settings, Func<TService, TRequest, ServerCallContext, Task<TResponse>> invoke)
    : CallHandler<TService, TRequest, TResponse>(method, settings)
    where TService : class
    where TRequest : class
    where TResponse : class
{
    protected override async Task InvokeAsync(
        TService service, RequestStreamReader<TRequest> requests, ResponseStreamWriter<TResponse> responses, HttpServerCallContext context)
    {
        TRequest request = await requests.ReadSingleAsync().ConfigureAwait(false);
        Task<TResponse> call = context.Settings.Interceptors.Count == 0
            ? invoke(service, request, context)
            : InterceptedCalls.Wrap<TRequest, TResponse>((TRequest r, ServerCallContext c) => invoke(service, r, c), context)(request, context);
        TResponse response = await call.ConfigureAwait(false);
        CallEnd.WriteResponse(context, responses, response);
    }
}
