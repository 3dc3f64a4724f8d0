namespace Grpc.Core;

/// <summary>Writes messages to a stream. One write at a time.</summary>
public interface IAsyncStreamWriter<in T>
{
    /// <summary>Flags of the messages written from now on; null uses the call's.</summary>
    public WriteOptions? WriteOptions { get; set; }

    /// <summary>Writes a message; the task ends when it may be followed by another.</summary>
    public Task WriteAsync(T message);

    /// <summary>As <see cref="WriteAsync(T)"/>; cancelling cancels the whole call.</summary>
    public Task WriteAsync(T message, CancellationToken cancellationToken)
        => cancellationToken.CanBeCanceled
            ? throw new NotSupportedException("Cancellation of stream writes is not supported by this gRPC implementation.")
            : WriteAsync(message);
}
