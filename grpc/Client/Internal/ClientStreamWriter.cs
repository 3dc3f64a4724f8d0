using Grpc.Core;
using Grpc.Core.Wire;

namespace Grpc.Net.Client.Internal;

/// <summary>Writes requests: each is serialised into one pooled buffer and handed to the HTTP/2 stream from there.</summary>
internal sealed class ClientStreamWriter<TRequest>(ClientCall call, Action<TRequest, SerializationContext> serializer, MessageWriter messages)
    : IClientStreamWriter<TRequest>
    where TRequest : class
{
    /// <summary>Messages with <see cref="WriteFlags.BufferHint"/> are gathered up to this size before they go to the stream.</summary>
    private const int GatherBytes = 16 * 1024;

    private readonly PooledBuffer _buffer = new();
    private Task _lastFlush = Task.CompletedTask;
    private Stream? _stream;
    private int _writing;
    private bool _completed;

    /// <inheritdoc/>
    public WriteOptions? WriteOptions { get; set; } = call.Options.WriteOptions;

    public StreamingRequestContent Content { get; } = new();

    /// <inheritdoc/>
    public Task WriteAsync(TRequest message) => WriteAsync(message, CancellationToken.None);

    /// <inheritdoc/>
    public Task WriteAsync(TRequest message, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(message);
        Enter();
        bool leave = true;
        try
        {
            if (cancellationToken.IsCancellationRequested)
            {
                call.Cancel();
            }

            if (call.IsFinished)
            {
                return Task.FromException(call.CreateException());
            }

            WriteFlags flags = WriteOptions?.Flags ?? WriteFlags.None;
            messages.Write(message, serializer, _buffer, (flags & WriteFlags.NoCompress) != 0);
            if ((flags & WriteFlags.BufferHint) != 0 && _buffer.Length < GatherBytes)
            {
                return Task.CompletedTask;
            }

            leave = false;
            return SendAsync(flush: (flags & WriteFlags.BufferHint) == 0, cancellationToken);
        }
        catch (RpcException e)
        {
            return Task.FromException(e);
        }
        finally
        {
            if (leave)
            {
                Leave();
            }
        }
    }

    /// <inheritdoc/>
    public async Task CompleteAsync()
    {
        Enter();
        _completed = true;
        if (call.IsFinished)
        {
            Leave();
            return;
        }

        if (_buffer.Length > 0)
        {
            await SendAsync(flush: false, CancellationToken.None).ConfigureAwait(false);
        }
        else
        {
            Leave();
        }

        _buffer.Release();
        Content.Complete();
    }

    private async Task SendAsync(bool flush, CancellationToken cancellationToken)
    {
        CancellationTokenRegistration registration = cancellationToken.CanBeCanceled
            ? cancellationToken.UnsafeRegister(static call => ((ClientCall)call!).Cancel(), call)
            : default;
        try
        {
            Stream stream = _stream ??= await Content.StreamAsync.ConfigureAwait(false);
            if (!_lastFlush.IsCompletedSuccessfully)
            {
                await _lastFlush.ConfigureAwait(false);
            }

            await stream.WriteAsync(_buffer.Written, call.Aborted).ConfigureAwait(false);
            if (flush)
            {
                // Not awaited: it only wakes the connection's writer. Its failure is the next write's, and the reader's.
                _lastFlush = stream.FlushAsync(CancellationToken.None);
            }

            _buffer.Reset();
        }
        catch (Exception e)
        {
            throw await call.WriteFailedAsync(e).ConfigureAwait(false);
        }
        finally
        {
            registration.Unregister();
            Leave();
        }
    }

    private void Enter()
    {
        if (_completed)
        {
            throw new InvalidOperationException("The request stream has been completed: nothing can be written to it.");
        }

        if (Interlocked.Exchange(ref _writing, 1) != 0)
        {
            throw new InvalidOperationException("Can't write the message because the previous write is in progress.");
        }
    }

    private void Leave() => Volatile.Write(ref _writing, 0);
}
