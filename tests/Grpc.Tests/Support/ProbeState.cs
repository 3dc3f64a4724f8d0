using Grpc.Core;

namespace HostAgent.Grpc.Tests.Support;

/// <summary>What a test can see of the calls that <see cref="ProbeService"/> got.</summary>
public sealed class ProbeState
{
    private int _begun;
    private int _ended;

    /// <summary>Lets a "stubborn" method return.</summary>
    public TaskCompletionSource Release { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public int Begun => Volatile.Read(ref _begun);

    public int Ended => Volatile.Read(ref _ended);

    public Exception? LastFailure { get; set; }

    public Metadata? Headers { get; private set; }

    public DateTime Deadline { get; private set; }

    public string? Peer { get; private set; }

    public CancellationToken Cancellation { get; private set; }

    public void Begin(ServerCallContext context)
    {
        Headers = context.RequestHeaders;
        Deadline = context.Deadline;
        Peer = context.Peer;
        Cancellation = context.CancellationToken;
        Interlocked.Increment(ref _begun);
    }

    public void End() => Interlocked.Increment(ref _ended);
}
