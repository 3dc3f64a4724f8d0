using Grpc.Core;
using Grpc.Core.Interceptors;

namespace HostAgent.Aggregator.Enrolment;

/// <summary>Stands in front of every gRPC method: only enrolled hosts get in, and out they go when they are revoked or their certificate ends.
/// A service that links <see cref="HostCall.Ended"/> ends its call in its own way; the connection of one that does not is cut.</summary>
internal sealed class HostCertificateInterceptor(HostGate gate, TimeProvider time) : Interceptor
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    /// <inheritdoc/>
    public override async Task<TResponse> UnaryServerHandler<TRequest, TResponse>(
        TRequest request, ServerCallContext context, UnaryServerMethod<TRequest, TResponse> continuation)
    {
        TResponse? response = null;
        await GuardAsync(context, async () => response = await continuation(request, context));
        return response!;
    }

    /// <inheritdoc/>
    public override async Task<TResponse> ClientStreamingServerHandler<TRequest, TResponse>(
        IAsyncStreamReader<TRequest> requestStream, ServerCallContext context, ClientStreamingServerMethod<TRequest, TResponse> continuation)
    {
        TResponse? response = null;
        await GuardAsync(context, async () => response = await continuation(requestStream, context));
        return response!;
    }

    /// <inheritdoc/>
    public override Task ServerStreamingServerHandler<TRequest, TResponse>(
        TRequest request, IServerStreamWriter<TResponse> responseStream, ServerCallContext context,
        ServerStreamingServerMethod<TRequest, TResponse> continuation)
        => GuardAsync(context, () => continuation(request, responseStream, context));

    /// <inheritdoc/>
    public override Task DuplexStreamingServerHandler<TRequest, TResponse>(
        IAsyncStreamReader<TRequest> requestStream, IServerStreamWriter<TResponse> responseStream, ServerCallContext context,
        DuplexStreamingServerMethod<TRequest, TResponse> continuation)
        => GuardAsync(context, () => continuation(requestStream, responseStream, context));

    private async Task GuardAsync(ServerCallContext context, Func<Task> run)
    {
        if (HostGate.IsOpen(context.Method))
        {
            await run();
            return;
        }

        HttpContext http = context.GetHttpContext();
        using HostCall call = gate.Admit(context.Method, http.Features.Get<ClientIdentity>() ?? ClientIdentity.Anonymous);
        http.Features.Set(call);
        var over = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using CancellationTokenRegistration cut = call.Ended.Register(() => _ = CutAsync(http, over.Task));
        try
        {
            await run();
        }
        catch (Exception e) when (call.Reason is not null && e is OperationCanceledException or IOException or InvalidOperationException)
        {
            throw new RpcException(call.StatusOfEnd());
        }
        finally
        {
            over.TrySetResult();
        }
    }

    private async Task CutAsync(HttpContext http, Task over)
    {
        if (await Task.WhenAny(over, Task.Delay(Patience, time)) != over)
        {
            http.Abort();
        }
    }
}
