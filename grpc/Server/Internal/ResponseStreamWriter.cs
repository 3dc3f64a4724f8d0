using System.IO.Pipelines;
using Grpc.Core;

namespace Grpc.AspNetCore.Server.Internal;

/// <summary>Writes responses straight into the response's pipe.</summary>
internal sealed class ResponseStreamWriter<TResponse>(HttpServerCallContext context, Action<TResponse, SerializationContext> serializer)
    : IServerStreamWriter<TResponse>
    where TResponse : class
{
    /// <summary>Messages with <see cref="WriteFlags.BufferHint"/> are gathered up to so many, or so many bytes, before they are flushed.</summary>
    private const int GatherMessages = 64;
    private const int GatherBytes = 16 * 1024;

    private const int Http2InternalError = 2;

    private readonly PipeWriter _pipe = context.Http.Response.BodyWriter;
    private WriteOptions? _writeOptions;
    private Task _pending = Task.CompletedTask;
    private int _gathered;

    /// <inheritdoc/>
    public WriteOptions? WriteOptions
    {
        get => _writeOptions ?? context.WriteOptions;
        set => _writeOptions = value;
    }

    /// <inheritdoc/>
    public Task WriteAsync(TResponse message) => WriteAsync(message, CancellationToken.None);

    /// <inheritdoc/>
    public Task WriteAsync(TResponse message, CancellationToken cancellationToken)
    {
        if (message is null)
        {
            return Task.FromException(new ArgumentNullException(nameof(message)));
        }

        if (cancellationToken.IsCancellationRequested)
        {
            return Task.FromCanceled(cancellationToken);
        }

        try
        {
            context.Lifetime.EnterWrite();
        }
        catch (Exception e)
        {
            return Task.FromException(e);
        }

        bool leave = true;
        try
        {
            WriteFlags flags = WriteOptions?.Flags ?? WriteFlags.None;
            Append(message, (flags & WriteFlags.NoCompress) != 0);
            if ((flags & WriteFlags.BufferHint) != 0 && ++_gathered < GatherMessages
                && (!_pipe.CanGetUnflushedBytes || _pipe.UnflushedBytes < GatherBytes))
            {
                return Task.CompletedTask;
            }

            _gathered = 0;
            ValueTask<FlushResult> flush = _pipe.FlushAsync(cancellationToken);
            if (flush.IsCompletedSuccessfully)
            {
                _ = flush.Result;
                return Task.CompletedTask;
            }

            leave = false;
            return _pending = AwaitFlushAsync(flush);
        }
        catch (Exception e)
        {
            return Task.FromException(e);
        }
        finally
        {
            if (leave)
            {
                context.Lifetime.LeaveWrite();
            }
        }
    }

    /// <summary>The one response of a unary or client-streaming call: leaves with the trailers, in one go.</summary>
    public void WriteLast(TResponse message)
    {
        context.Lifetime.EnterWrite();
        try
        {
            WriteFlags flags = WriteOptions?.Flags ?? WriteFlags.None;
            Append(message, (flags & WriteFlags.NoCompress) != 0);
        }
        finally
        {
            context.Lifetime.LeaveWrite();
        }
    }

    /// <summary>Waits for a write that its caller did not wait for.</summary>
    public Task DrainAsync() => _pending;

    private void Append(TResponse message, bool noCompress)
    {
        Core.Wire.MessageWriter messages = context.Messages;
        try
        {
            messages.Write(message, serializer, _pipe, noCompress);
            context.BodyBegun = true;
        }
        catch when (messages.IsTorn)
        {
            // Half a message is in the pipe and cannot be taken back.
            context.Lifetime.Reset(Http2InternalError);
            throw;
        }
    }

    private async Task AwaitFlushAsync(ValueTask<FlushResult> flush)
    {
        try
        {
            await flush.ConfigureAwait(false);
        }
        finally
        {
            context.Lifetime.LeaveWrite();
        }
    }
}
