namespace Grpc.Core;

/// <summary>Messages of a stream, one after the other. One reader at a time.</summary>
public interface IAsyncStreamReader<out T>
{
    /// <summary>The message that the last <see cref="MoveNext"/> fetched.</summary>
    public T Current { get; }

    /// <summary>Fetches the next message. False: the stream ended well. A status other than OK is thrown as <see cref="RpcException"/>.</summary>
    public Task<bool> MoveNext(CancellationToken cancellationToken);
}
