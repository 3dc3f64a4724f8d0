using System.Net;

namespace Grpc.Net.Client.Internal;

/// <summary>The body of a call with many requests: hands out the HTTP/2 stream, so that the caller's thread writes to it directly, and
/// stays open until the caller ends it.</summary>
internal sealed class StreamingRequestContent : HttpContent
{
    private readonly TaskCompletionSource<Stream> _stream = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _end = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>The stream, once the request is under way; cancelled when the call ends before.</summary>
    public Task<Stream> StreamAsync => _stream.Task;

    /// <summary>Ends the body well.</summary>
    public void Complete() => _end.TrySetResult();

    /// <summary>Ends the body because the call has ended.</summary>
    public void Abort()
    {
        _stream.TrySetCanceled();
        _end.TrySetCanceled();
    }

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context)
        => SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        // The handler sends the request's head with the first flush only; the server must see the call before the first message.
        await stream.FlushAsync(cancellationToken).ConfigureAwait(false);
        if (!_stream.TrySetResult(stream))
        {
            throw new IOException("A streaming request cannot be sent a second time.");
        }

        await _end.Task.ConfigureAwait(false);
    }

    protected override bool TryComputeLength(out long length)
    {
        length = 0;
        return false;
    }
}
