using Grpc.Core;

namespace Grpc.Net.Client.Internal;

/// <summary>One call from start to status, whatever its shape and message types. It ends exactly once, by whoever comes first: the server's
/// status, a failure, the deadline, the caller's token or Dispose; ending it releases the HTTP/2 stream.</summary>
internal abstract class ClientCall : IDisposable
{
    public static readonly Func<object, Task<Metadata>> HeadersOf = static call => ((ClientCall)call).ResponseHeadersAsync;
    public static readonly Func<object, Status> StatusOf = static call => ((ClientCall)call).GetStatus();
    public static readonly Func<object, Metadata> TrailersOf = static call => ((ClientCall)call).GetTrailers();
    public static readonly Action<object> DisposeOf = static call => ((ClientCall)call).Dispose();

    private readonly Lock _gate = new();
    private readonly CancellationTokenSource _abort = new();
    private readonly string? _host;
    private readonly CallDeadline? _deadline;
    private readonly CancellationTokenRegistration _callerRegistration;
    private readonly CancellationTokenRegistration _parentRegistration;
    private readonly CancellationTokenRegistration _channelRegistration;
    private TaskCompletionSource<Metadata>? _headers;
    private HttpResponseMessage? _response;
    private HttpContent? _content;
    private Status _status;
    private Metadata _trailers = Metadata.Empty;
    private Exception? _cause;
    private volatile bool _finished;

    protected ClientCall(GrpcChannel channel, IMethod method, string? host, CallOptions options)
    {
        ObjectDisposedException.ThrowIf(channel.Disposed.IsCancellationRequested, channel);
        Channel = channel;
        Method = method;
        Options = options;
        _host = host;
        Encoding = RequestCompression.Select(options.Headers, channel);
        _deadline = CallDeadline.Create(this, channel.Time);
        if (options.CancellationToken.CanBeCanceled)
        {
            _callerRegistration = options.CancellationToken.UnsafeRegister(static call => ((ClientCall)call!).Cancel(), this);
        }

        if (options.PropagationToken is { CancellationToken.CanBeCanceled: true } parent)
        {
            _parentRegistration = parent.CancellationToken.UnsafeRegister(static call => ((ClientCall)call!).Cancel(), this);
        }

        _channelRegistration = channel.Disposed.UnsafeRegister(
            static call => ((ClientCall)call!).Finish(new Status(StatusCode.Cancelled, "The channel was disposed.")), this);
        if (_finished)
        {
            Release();
        }
    }

    public GrpcChannel Channel { get; }

    public IMethod Method { get; }

    public CallOptions Options { get; }

    public RequestCompression Encoding { get; }

    public bool IsFinished => _finished;

    /// <summary>The response that has been accepted. Null before, and when the call ended without one.</summary>
    public HttpResponseMessage? Response => _response;

    public CancellationToken Aborted => _abort.Token;

    public Task<Metadata> ResponseHeadersAsync
    {
        get
        {
            lock (_gate)
            {
                if (_headers is null)
                {
                    _headers = new TaskCompletionSource<Metadata>(TaskCreationOptions.RunContinuationsAsynchronously);
                    SettleHeaders();
                }

                return _headers.Task;
            }
        }
    }

    /// <summary>Sends the request and accepts the head of the response. Never throws: a failure ends the call.</summary>
    public async Task SendAsync(HttpContent content)
    {
        try
        {
            _content = content;
            while (!_finished && !await TrySendAsync(content).ConfigureAwait(false))
            {
                // Only a call that waits for a connection gets here.
            }
        }
        catch (Exception e)
        {
            Fail(e);
        }
        finally
        {
            if (_finished)
            {
                ReleaseContent();
            }
        }
    }

    /// <summary>Ends the call with the status in the trailers.</summary>
    /// <param name="missingMessage">The call needed a response and none came.</param>
    public void FinishFromTrailers(bool missingMessage)
    {
        try
        {
            Status status = ResponseHead.StatusFrom(_response!.TrailingHeaders)
                ?? new Status(StatusCode.Unknown, "The server ended the stream without a grpc-status.");
            if (missingMessage && status.StatusCode == StatusCode.OK)
            {
                status = new Status(StatusCode.Internal, "The server ended the call with OK but without a response.");
            }

            Finish(status, ResponseHead.MetadataFrom(_response.TrailingHeaders));
        }
        catch (Exception e)
        {
            Fail(e);
        }
    }

    /// <summary>Ends the call because the caller no longer wants it.</summary>
    public void Cancel() => Finish(new Status(StatusCode.Cancelled, "Call canceled by the client."), null, new OperationCanceledException());

    public void DeadlineExceeded() => Finish(new Status(StatusCode.DeadlineExceeded, ""), null, new OperationCanceledException());

    /// <summary>Ends the call with what an exception amounts to, unless it has ended, and returns what to throw.</summary>
    public Exception Fail(Exception e)
    {
        if (!_finished)
        {
            Finish(FailureStatus.From(e), (e as RpcException)?.Trailers);
        }

        return CreateException();
    }

    /// <summary>What a failed write throws. The server's status, if it is on its way, says more than a broken write does: the reader gets it.</summary>
    public virtual ValueTask<Exception> WriteFailedAsync(Exception e)
        => new(_finished ? CreateException() : new RpcException(FailureStatus.From(e)));

    /// <summary>What a reader or writer of an ended call throws. Whose clock noticed the deadline first, the server's or this one's, makes no
    /// difference.</summary>
    public Exception CreateException() => Channel.ThrowOperationCanceled
        && (_cause is OperationCanceledException || (_status.StatusCode == StatusCode.DeadlineExceeded && Options.Deadline is not null))
        ? new OperationCanceledException(_status.Detail, new RpcException(_status, _trailers), Options.CancellationToken)
        : new RpcException(_status, _trailers);

    public Status GetStatus() => _finished ? _status : throw new InvalidOperationException("Unable to get the status because the call is not complete.");

    public Metadata GetTrailers()
        => _finished ? _trailers : throw new InvalidOperationException("Can't get the call trailers because the call has not completed successfully.");

    public void Dispose()
    {
        if (!_finished)
        {
            Finish(new Status(StatusCode.Cancelled, "gRPC call disposed."));
        }
    }

    /// <summary>False: no connection, nothing was sent, and the call is prepared to wait for one.</summary>
    private async ValueTask<bool> TrySendAsync(HttpContent content)
    {
        await ReadyGate.WaitAsync(this).ConfigureAwait(false);
        HttpRequestMessage request = RequestHead.Create(this, _host, _deadline?.Remaining, content);
        await CallCredentialsApplier.ApplyAsync(this, request).ConfigureAwait(false);
        try
        {
            Accept(await Channel.SendAsync(request, _abort.Token).ConfigureAwait(false));
            return true;
        }
        catch (HttpRequestException e) when (FailureStatus.IsConnectFailure(e))
        {
            Channel.Backoff.Failed(FailureStatus.From(e));
            if (!Options.IsWaitForReady)
            {
                throw;
            }
        }

        await Task.Delay(ReadyGate.ShortestWait, Channel.Time, _abort.Token).ConfigureAwait(false);
        return false;
    }

    private void Accept(HttpResponseMessage response)
    {
        Channel.Backoff.Succeeded();
        Status? early = ResponseHead.Judge(response);
        lock (_gate)
        {
            _response = response;
            SettleHeaders();
        }

        if (early is { } status)
        {
            Finish(status, ResponseHead.MetadataFrom(response));
        }
        else if (_finished)
        {
            response.Dispose();
        }
    }

    private void Finish(Status status, Metadata? trailers = null, Exception? cause = null)
    {
        lock (_gate)
        {
            if (_finished)
            {
                return;
            }

            _status = status;
            _trailers = trailers ?? Metadata.Empty;
            _cause = cause;
            _finished = true;
            SettleHeaders();
        }

        Release();
    }

    private void Release()
    {
        _callerRegistration.Unregister();
        _parentRegistration.Unregister();
        _channelRegistration.Unregister();
        _deadline?.Dispose();
        ReleaseContent();
        _abort.Cancel();
        _response?.Dispose();
    }

    private void ReleaseContent()
    {
        (_content as StreamingRequestContent)?.Abort();
        (_content as BufferedRequestContent)?.Release();
    }

    private void SettleHeaders()
    {
        if (_headers is null)
        {
            return;
        }

        try
        {
            if (_response is not null)
            {
                _headers.TrySetResult(ResponseHead.MetadataFrom(_response));
            }
            else if (_finished && _headers.TrySetException(CreateException()))
            {
                _ = _headers.Task.Exception; // observed: nobody has to look at the headers of a failed call
            }
        }
        catch (RpcException e)
        {
            _headers.TrySetException(e);
            _ = _headers.Task.Exception;
        }
    }
}
