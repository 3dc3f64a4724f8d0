using System.Net;
using Grpc.Core.Wire;

namespace Grpc.Net.Client.Internal;

/// <summary>The body of a call with one request: the message is written once and the stream ends.</summary>
internal sealed class BufferedRequestContent(PooledBuffer buffer) : HttpContent
{
    private int _written;

    /// <summary>Gives the buffer back. While a cancelled write may still read from it, it is left to the collector instead.</summary>
    public void Release()
    {
        if (Interlocked.Exchange(ref _written, 0) != 0)
        {
            buffer.Release();
        }
    }

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context)
        => SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        await stream.WriteAsync(buffer.Written, cancellationToken).ConfigureAwait(false);
        Volatile.Write(ref _written, 1);
    }

    /// <summary>Unknown on purpose: gRPC frames its messages itself and sends no content-length.</summary>
    protected override bool TryComputeLength(out long length)
    {
        length = 0;
        return false;
    }
}
