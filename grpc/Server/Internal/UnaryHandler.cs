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
        TResponse response = await invoke(service, request, context).ConfigureAwait(false);
        CallEnd.WriteResponse(context, responses, response);
    }
}
