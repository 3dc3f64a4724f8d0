using Grpc.Core;
using Grpc.Core.Wire;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Logging;

namespace Grpc.AspNetCore.Server.Internal;

/// <summary>When a call is over and who may write. A call is cancelled by its client, its deadline or, if it is a stream, by the host's
/// shutdown; its status is written exactly once.</summary>
internal sealed partial class CallLifetime : IDisposable
{
    private const int Free = 0;
    private const int Writing = 1;
    private const int Ended = 2;
    private const int Http2Cancel = 8;

    /// <summary>Timers cannot be set further ahead; nobody waits longer.</summary>
    private static readonly TimeSpan MaxTimer = TimeSpan.FromDays(24);

    private readonly HttpServerCallContext _context;
    private readonly CancellationTokenSource? _source;
    private readonly CancellationTokenRegistration _clientRegistration;
    private readonly CancellationTokenRegistration _stoppingRegistration;
    private readonly ITimer? _timer;
    private readonly Lock _ending = new();
    private int _state;
    private Task _completion = Task.CompletedTask;
    private volatile EndStatus? _cause;

    public CallLifetime(HttpServerCallContext context, bool isStream)
    {
        _context = context;
        Deadline = DateTime.MaxValue;
        string? header = context.Http.Request.Headers[GrpcHeaders.Timeout];
        bool hasDeadline = TimeoutHeader.TryParse(header, out TimeSpan timeout) && timeout < MaxTimer;
        if (!hasDeadline && !isStream)
        {
            Token = context.Http.RequestAborted;
            return;
        }

        _source = new CancellationTokenSource();
        Token = _source.Token;
        _clientRegistration = context.Http.RequestAborted.UnsafeRegister(static s => ((CallLifetime)s!)._source!.Cancel(), this);
        if (isStream)
        {
            _stoppingRegistration = context.Settings.Shutdown.Stopping.UnsafeRegister(static s => ((CallLifetime)s!).OnStopping(), this);
        }

        if (hasDeadline)
        {
            TimeProvider time = context.Settings.Time;
            Deadline = time.GetUtcNow().UtcDateTime + timeout;
            _timer = time.CreateTimer(static s => ((CallLifetime)s!).OnDeadline(), this, timeout, Timeout.InfiniteTimeSpan);
        }
    }

    /// <summary>UTC; <see cref="DateTime.MaxValue"/> when the client set none.</summary>
    public DateTime Deadline { get; }

    public CancellationToken Token { get; }

    /// <summary>The status that a cancelled call ends with; null while it has not been cancelled by this server.</summary>
    public Status? Cause => _cause?.Status;

    /// <summary>Begins a write to the response.</summary>
    /// <exception cref="InvalidOperationException">Another write is in progress, or the call has ended.</exception>
    /// <exception cref="OperationCanceledException">The client has gone.</exception>
    public void EnterWrite()
    {
        if (_context.Http.RequestAborted.IsCancellationRequested)
        {
            throw new OperationCanceledException("The client has cancelled the call or is gone.", _context.Http.RequestAborted);
        }

        int state = Interlocked.CompareExchange(ref _state, Writing, Free);
        if (state == Writing)
        {
            throw new InvalidOperationException("Can't write the message because the previous write is in progress.");
        }

        if (state == Ended)
        {
            throw _cause is null
                ? new InvalidOperationException("Can't write the message because the request is complete.")
                : new OperationCanceledException(_cause.Status.Detail, Token);
        }
    }

    public void LeaveWrite() => Interlocked.CompareExchange(ref _state, Free, Writing);

    /// <summary>Takes the right to write the status; false when the call has been ended already.</summary>
    public bool TryEnd()
    {
        lock (_ending)
        {
            return Interlocked.Exchange(ref _state, Ended) != Ended;
        }
    }

    /// <summary>Ends when nobody touches the request any more: the server uses it again for another.</summary>
    public Task SettleAsync()
    {
        lock (_ending)
        {
            _state = Ended;
            return _completion;
        }
    }

    /// <summary>Breaks the stream off with an HTTP/2 error code.</summary>
    public void Reset(int http2Error)
    {
        _state = Ended;
        if (_context.Http.Features.Get<IHttpResetFeature>() is { } feature)
        {
            feature.Reset(http2Error);
        }
        else
        {
            _context.Http.Abort();
        }
    }

    public void Dispose()
    {
        _timer?.Dispose();
        _clientRegistration.Unregister();
        _stoppingRegistration.Unregister();
    }

    private void OnStopping()
    {
        _cause ??= new EndStatus(new Status(StatusCode.Unavailable, "The server is shutting down."));
        _source!.Cancel();
    }

    private void OnDeadline()
    {
        _cause ??= new EndStatus(new Status(StatusCode.DeadlineExceeded, "Deadline Exceeded"));

        // The client is answered now; the method learns of it through the token and may take its time.
        lock (_ending)
        {
            int state = Interlocked.CompareExchange(ref _state, Ended, Free);
            if (state == Free)
            {
                _completion = AnswerAsync(_cause.Status);
            }
            else if (state == Writing)
            {
                Reset(Http2Cancel);
            }
        }

        try
        {
            _source!.Cancel();
        }
        catch (AggregateException e)
        {
            // A callback of the service failed, on a timer's thread, where nobody else would catch it.
            LogCallbackFailed(_context.Settings.Logger, _context.Method, e);
        }
    }

    [LoggerMessage(4, LogLevel.Error, "A callback on the cancellation of {Method} failed.")]
    private static partial void LogCallbackFailed(ILogger logger, string method, Exception exception);

    private async Task AnswerAsync(Status status)
    {
        try
        {
            HttpResponse response = _context.Http.Response;
            HttpReplies.End(response, _context.BodyBegun, status, Metadata.Empty);
            await response.CompleteAsync().ConfigureAwait(false);
        }
        catch (Exception e) when (e is IOException or OperationCanceledException or ObjectDisposedException or InvalidOperationException)
        {
            // The client went away first.
        }
    }

    private sealed class EndStatus(Status status)
    {
        public Status Status { get; } = status;
    }
}
