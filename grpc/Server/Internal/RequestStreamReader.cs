using System.Buffers;
using Grpc.Core;
using Grpc.Core.Wire;

namespace Grpc.AspNetCore.Server.Internal;

/// <summary>Reads requests.</summary>
internal sealed class RequestStreamReader<TRequest> : IAsyncStreamReader<TRequest>, IDisposable
    where TRequest : class
{
    private static readonly Task<bool> True = Task.FromResult(true);

    private readonly HttpServerCallContext _context;
    private readonly Func<DeserializationContext, TRequest> _deserializer;
    private readonly RequestFrames _frames;
    private readonly PayloadReader _payloads = new();
    private readonly CancellationTokenRegistration _cancelled;
    private TRequest? _current;
    private int _reading;
    private volatile bool _completed;

    public RequestStreamReader(HttpServerCallContext context, Func<DeserializationContext, TRequest> deserializer)
    {
        _context = context;
        _deserializer = deserializer;
        _frames = new RequestFrames(context);
        _cancelled = context.CancellationToken.UnsafeRegister(static frames => ((RequestFrames)frames!).Interrupt(), _frames);
    }

    /// <inheritdoc/>
    public TRequest Current => _current ?? throw new InvalidOperationException("No current element is available.");

    /// <inheritdoc/>
    public Task<bool> MoveNext(CancellationToken cancellationToken)
    {
        if (cancellationToken.IsCancellationRequested)
        {
            return Task.FromCanceled<bool>(cancellationToken);
        }

        if (_completed)
        {
            return Task.FromException<bool>(new InvalidOperationException("Can't read messages after the request is complete."));
        }

        if (Interlocked.Exchange(ref _reading, 1) != 0)
        {
            throw new InvalidOperationException("Can't read the next message because another read is in progress.");
        }

        try
        {
            if (TryTake())
            {
                Leave();
                return True;
            }
        }
        catch (Exception e)
        {
            Leave();
            return Task.FromException<bool>(e);
        }

        return MoveNextSlowAsync(cancellationToken);
    }

    /// <summary>The one request of a unary or server-streaming call.</summary>
    /// <exception cref="RpcException">Internal: there is none, or more than one.</exception>
    public async ValueTask<TRequest> ReadSingleAsync()
    {
        if (!await MoveNextSlowAsync(default).ConfigureAwait(false))
        {
            throw new RpcException(new Status(StatusCode.Internal, "The request has no message."));
        }

        TRequest request = Current;
        return !await MoveNextSlowAsync(default).ConfigureAwait(false)
            ? request
            : throw new RpcException(new Status(StatusCode.Internal, "The request has more than one message."));
    }

    /// <summary>The call has ended: nothing may be read any more. Waits for an interruption under way, because the server uses the pipe again.</summary>
    public void Dispose()
    {
        _completed = true;
        _cancelled.Dispose();
    }

    private async Task<bool> MoveNextSlowAsync(CancellationToken cancellationToken)
    {
        try
        {
            _current = null;
            do
            {
                if (TryTake())
                {
                    return true;
                }

                _context.CancellationToken.ThrowIfCancellationRequested();
            }
            while (await _frames.FillAsync(cancellationToken).ConfigureAwait(false));
            return false;
        }
        finally
        {
            Leave();
        }
    }

    private bool TryTake()
    {
        if (!_frames.TryTake(out ReadOnlySequence<byte> payload))
        {
            return false;
        }

        _current = _payloads.Read(_deserializer, payload);
        _frames.Taken();
        return true;
    }

    private void Leave() => Volatile.Write(ref _reading, 0);
}
