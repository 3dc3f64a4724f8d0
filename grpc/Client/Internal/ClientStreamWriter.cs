using Grpc.Core;
using Grpc.Core.Wire;

namespace Grpc.Net.Client.Internal;

/// <summary>Writes requests. While some are on their way to the HTTP/2 stream, the next ones gather in a second buffer and follow together:
/// a busy stream sends few big frames, an idle one sends at once.</summary>
internal sealed class ClientStreamWriter<TRequest>(ClientCall call, Action<TRequest, SerializationContext> serializer, MessageWriter messages)
    : IClientStreamWriter<TRequest>
    where TRequest : class
{
    /// <summary>What gathers before a write waits until all of it has been sent.</summary>
    private const int GatherBytes = 16 * 1024;

    private readonly Lock _gate = new();
    private PooledBuffer _gathering = new();
    private PooledBuffer _leaving = new();
    private Task _sending = Task.CompletedTask;
    private bool _isSending;
    private bool _flush;
    private Exception? _failure;
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

            bool hasRoom = Gather(message, WriteOptions?.Flags ?? WriteFlags.None, out bool start);
            if (start)
            {
                _sending = SendAsync();
            }

            if (hasRoom && _failure is null)
            {
                return Task.CompletedTask;
            }

            leave = false;
            return DrainAsync(cancellationToken);
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

        bool start;
        lock (_gate)
        {
            start = !_isSending && _failure is null && _gathering.Length > 0;
            _isSending |= start;
        }

        if (start)
        {
            _sending = SendAsync();
        }

        await DrainAsync(CancellationToken.None).ConfigureAwait(false);
        _gathering.Release();
        _leaving.Release();
        Content.Complete();
    }

    /// <summary>Serialises a message behind those that wait. False when there is no room for more until they have been sent.</summary>
    private bool Gather(TRequest message, WriteFlags flags, out bool start)
    {
        bool hint = (flags & WriteFlags.BufferHint) != 0;
        lock (_gate)
        {
            messages.Write(message, serializer, _gathering, (flags & WriteFlags.NoCompress) != 0);
            _flush |= !hint;
            bool hasRoom = _gathering.Length < GatherBytes;
            start = !_isSending && _failure is null && !(hint && hasRoom);
            _isSending |= start;
            return hasRoom;
        }
    }

    /// <summary>Sends what has gathered, and what gathers meanwhile. Never fails: the next write, and the reader, learn of it.</summary>
    private async Task SendAsync()
    {
        try
        {
            Stream stream = await Content.StreamAsync.ConfigureAwait(false);
            while (Take(out bool flush))
            {
                await stream.WriteAsync(_leaving.Written, call.Aborted).ConfigureAwait(false);
                _leaving.Reset();
                if (flush)
                {
                    // Not with the call's token: a server that answers what it has just been sent would make the write look failed.
                    await stream.FlushAsync(CancellationToken.None).ConfigureAwait(false);
                }
            }
        }
        catch (Exception e)
        {
            lock (_gate)
            {
                _failure = e;
                _isSending = false;
            }
        }
    }

    private bool Take(out bool flush)
    {
        lock (_gate)
        {
            flush = _flush;
            _flush = false;
            _isSending = _gathering.Length > 0;
            (_gathering, _leaving) = (_leaving, _gathering);
            return _isSending;
        }
    }

    /// <summary>Waits until all has been sent; the caller, the only writer, adds nothing meanwhile.</summary>
    private async Task DrainAsync(CancellationToken cancellationToken)
    {
        CancellationTokenRegistration registration = cancellationToken.CanBeCanceled
            ? cancellationToken.UnsafeRegister(static call => ((ClientCall)call!).Cancel(), call)
            : default;
        try
        {
            await _sending.ConfigureAwait(false);
            if (_failure is not null)
            {
                throw await call.WriteFailedAsync(_failure).ConfigureAwait(false);
            }
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
