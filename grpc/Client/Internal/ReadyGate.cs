using Grpc.Core;

namespace Grpc.Net.Client.Internal;

/// <summary>Holds calls back while the channel pauses after a failed connection.</summary>
internal static class ReadyGate
{
    /// <summary>A waiting call tries again no sooner, even on a channel without pauses.</summary>
    public static readonly TimeSpan ShortestWait = TimeSpan.FromMilliseconds(20);

    /// <exception cref="RpcException">Unavailable: the channel pauses and the call is not wait-for-ready.</exception>
    public static ValueTask WaitAsync(ClientCall call)
        => call.Channel.Backoff.Remaining(out Status lastFailure) == TimeSpan.Zero ? default : WaitAsync(call, lastFailure);

    private static async ValueTask WaitAsync(ClientCall call, Status lastFailure)
    {
        while (call.Channel.Backoff.Remaining(out _) is var rest && rest > TimeSpan.Zero)
        {
            if (!call.Options.IsWaitForReady)
            {
                throw new RpcException(lastFailure);
            }

            await Task.Delay(rest, call.Channel.Time, call.Aborted).ConfigureAwait(false);
        }
    }
}
