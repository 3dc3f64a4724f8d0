using Grpc.Core;
using Grpc.Core.Wire;

namespace Grpc.Net.Client.Internal;

/// <summary>The parts of a call that know its message types.</summary>
internal sealed class ClientCall<TRequest, TResponse>(GrpcChannel channel, Method<TRequest, TResponse> method, string? host, CallOptions options)
    : ClientCall(channel, method, host, options)
    where TRequest : class
    where TResponse : class
{
    private Task<TResponse>? _singleResponse;

    /// <summary>Sends one request; the task ends when the head of the response is here or the call has ended, and never fails.</summary>
    public Task StartSingleRequest(TRequest request)
    {
        var buffer = new PooledBuffer();
        try
        {
            bool noCompress = (Options.WriteOptions?.Flags & WriteFlags.NoCompress) == WriteFlags.NoCompress;
            Encoding.CreateWriter(Channel.MaxSendMessageSize)
                .Write(request, method.RequestMarshaller.ContextualSerializer, buffer, noCompress);
        }
        catch (Exception e)
        {
            Fail(e);
            return Task.CompletedTask;
        }

        return SendAsync(new BufferedRequestContent(buffer));
    }

    /// <summary>Opens the request stream; otherwise as <see cref="StartSingleRequest"/>.</summary>
    public Task StartStreamingRequest(ClientStreamWriter<TRequest> writer) => SendAsync(writer.Content);

    public ClientStreamWriter<TRequest> CreateWriter()
        => new(this, method.RequestMarshaller.ContextualSerializer, Encoding.CreateWriter(Channel.MaxSendMessageSize));

    public ClientStreamReader<TResponse> CreateReader(Task response, bool single = false)
        => new(this, response, method.ResponseMarshaller.ContextualDeserializer, single);

    /// <summary>The one response of a unary or client-streaming call.</summary>
    public Task<TResponse> RunSingleResponseAsync(Task response) => _singleResponse = ReadSingleResponseAsync(response);

    /// <inheritdoc/>
    public override async ValueTask<Exception> WriteFailedAsync(Exception e)
    {
        if (_singleResponse is not null)
        {
            await ((Task)_singleResponse).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        return await base.WriteFailedAsync(e).ConfigureAwait(false);
    }

    private async Task<TResponse> ReadSingleResponseAsync(Task response)
    {
        ClientStreamReader<TResponse> reader = CreateReader(response, single: true);
        if (!await reader.MoveNext(CancellationToken.None).ConfigureAwait(false))
        {
            throw CreateException();
        }

        TResponse message = reader.Current;
        if (await reader.MoveNext(CancellationToken.None).ConfigureAwait(false))
        {
            throw Fail(new RpcException(new Status(StatusCode.Internal, "The server sent more than one response.")));
        }

        return message;
    }
}
