using Grpc.Core;
using HostAgent.V1;

namespace HostAgent.Agent.Streaming;

/// <summary>One call of one lane: Hello and Welcome, then batches one way and acknowledgements the other.</summary>
internal sealed class LaneCall : IDisposable
{
    private const uint Protocol = 1;

    private readonly AsyncDuplexStreamingCall<AgentMessage, AggregatorMessage> _call;
    private readonly CancellationTokenSource _cancellation;
    private readonly AgentMessage _message = new();

    private LaneCall(AsyncDuplexStreamingCall<AgentMessage, AggregatorMessage> call, CancellationTokenSource cancellation)
    {
        _call = call;
        _cancellation = cancellation;
    }

    /// <summary>Most unacknowledged frames in flight, at least 1.</summary>
    public int WindowFrames { get; private set; }

    /// <summary>Says Hello and waits for the Welcome.</summary>
    /// <exception cref="RpcException">No connection, or refused.</exception>
    /// <exception cref="TimeoutException">No Welcome in time.</exception>
    public static async Task<LaneCall> OpenAsync(
        Telemetry.TelemetryClient client, Hello hello, StreamingOptions options, TimeProvider time, CancellationToken cancellation)
    {
        hello.Protocol = Protocol;
        hello.SentUnixMs = time.GetUtcNow().ToUnixTimeMilliseconds();
        var source = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var lane = new LaneCall(client.Stream(cancellationToken: source.Token), source);
        try
        {
            await lane.GreetAsync(hello).WaitAsync(options.ConnectTimeout, time, cancellation).ConfigureAwait(false);
            return lane;
        }
        catch (TimeoutException)
        {
            lane.Dispose();
            throw new TimeoutException($"no answer within {options.ConnectTimeout.TotalSeconds:0.#} s");
        }
        catch
        {
            lane.Dispose();
            throw;
        }
    }

    /// <summary>Sends one batch, which may be reused when the task has completed. Not to be called again before that.</summary>
    public Task WriteAsync(Batch batch)
    {
        _message.Batch = batch;
        return _call.RequestStream.WriteAsync(_message);
    }

    /// <summary>The next acknowledgement; null: the aggregator has ended the call.</summary>
    /// <exception cref="RpcException">The call failed.</exception>
    public async ValueTask<Ack?> ReadAckAsync()
    {
        while (await _call.ResponseStream.MoveNext(CancellationToken.None).ConfigureAwait(false))
        {
            if (_call.ResponseStream.Current.KindCase == AggregatorMessage.KindOneofCase.Ack)
            {
                return _call.ResponseStream.Current.Ack;
            }
        }

        return null;
    }

    /// <summary>No more batches come; the aggregator acknowledges what it has and ends the call.</summary>
    public Task CompleteAsync() => _call.RequestStream.CompleteAsync();

    /// <summary>Ends the call at once, on another thread.</summary>
    public void Abort()
    {
        try
        {
            _ = _cancellation.CancelAsync();
        }
        catch (ObjectDisposedException)
        {
            // It has ended already.
        }
    }

    public void Dispose()
    {
        _cancellation.Cancel();
        _call.Dispose();
        _cancellation.Dispose();
    }

    private async Task GreetAsync(Hello hello)
    {
        await _call.RequestStream.WriteAsync(new AgentMessage { Hello = hello }).ConfigureAwait(false);
        if (!await _call.ResponseStream.MoveNext(CancellationToken.None).ConfigureAwait(false)
            || _call.ResponseStream.Current.KindCase != AggregatorMessage.KindOneofCase.Welcome)
        {
            throw new RpcException(new Status(StatusCode.Internal, "the aggregator did not answer the Hello with a Welcome"));
        }

        var welcome = _call.ResponseStream.Current.Welcome;
        if (welcome.Protocol != Protocol)
        {
            throw new RpcException(new Status(StatusCode.FailedPrecondition,
                $"the aggregator ({welcome.AggregatorVersion}) speaks protocol {welcome.Protocol}, this agent {Protocol}"));
        }

        WindowFrames = (int)Math.Clamp(welcome.WindowFrames, 1, 1 << 20);
    }
}
