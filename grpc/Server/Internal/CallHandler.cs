using System.Diagnostics.CodeAnalysis;
using Grpc.Core;
using Microsoft.AspNetCore.Http;

namespace Grpc.AspNetCore.Server.Internal;

/// <summary>Runs the calls of one method, from HTTP request to trailers.</summary>
internal abstract class CallHandler<[DynamicallyAccessedMembers(ServiceActivation.Members)] TService, TRequest, TResponse>(
    Method<TRequest, TResponse> method, CallSettings settings)
    where TService : class
    where TRequest : class
    where TResponse : class
{
    public Task HandleAsync(HttpContext http) => RequestChecks.Pass(http, settings) ? RunAsync(http) : Task.CompletedTask;

    protected abstract Task InvokeAsync(
        TService service, RequestStreamReader<TRequest> requests, ResponseStreamWriter<TResponse> responses, HttpServerCallContext context);

    private async Task RunAsync(HttpContext http)
    {
        var context = new HttpServerCallContext(http, method, settings);
        var requests = new RequestStreamReader<TRequest>(context, method.RequestMarshaller.ContextualDeserializer);
        var responses = new ResponseStreamWriter<TResponse>(context, method.ResponseMarshaller.ContextualSerializer);
        TService? owned = null;
        try
        {
            TService service = ServiceActivation<TService>.Get(http.RequestServices, out bool own);
            owned = own ? service : null;
            await InvokeAsync(service, requests, responses, context).ConfigureAwait(false);
            await responses.DrainAsync().ConfigureAwait(false);
            CallEnd.Success(context);
        }
        catch (Exception e)
        {
            await responses.DrainAsync().ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            CallEnd.Failure(context, e);
        }
        finally
        {
            requests.Dispose();
            context.Lifetime.Dispose();
            await context.Lifetime.SettleAsync().ConfigureAwait(false);
            if (owned is IAsyncDisposable asyncDisposable)
            {
                await asyncDisposable.DisposeAsync().ConfigureAwait(false);
            }
            else
            {
                (owned as IDisposable)?.Dispose();
            }
        }
    }
}
