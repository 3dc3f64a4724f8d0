using Grpc.Core;
using HostAgent.V1;

namespace HostAgent.Agent.Commands;

/// <summary>One command call: hello and welcome, then orders one way and reports the other. Whoever has a report to send sends it there and then unless somebody
/// else is at it; no thread waits for work.</summary>
internal sealed class CommandCall : IDisposable
{
    /// <summary>The protocol that this agent speaks.</summary>
    public const uint Protocol = 1;

    private readonly AsyncDuplexStreamingCall<AgentCommandMessage, AggregatorCommandMessage> _call;
    private readonly CancellationTokenSource _cancellation;
    private readonly ReportOutbox _outbox;
    private int _wanted;

    private CommandCall(AsyncDuplexStreamingCall<AgentCommandMessage, AggregatorCommandMessage> call, CancellationTokenSource cancellation, ReportOutbox outbox)
    {
        _call = call;
        _cancellation = cancellation;
        _outbox = outbox;
    }

    /// <summary>Says hello and waits for the welcome.</summary>
    /// <exception cref="RpcException">No connection, or refused.</exception>
    /// <exception cref="TimeoutException">No welcome in time.</exception>
    public static async Task<CommandCall> OpenAsync(
        V1.Commands.CommandsClient client, CommandHello hello, TimeSpan patience, ReportOutbox outbox, TimeProvider time, CancellationToken cancellation)
    {
        var source = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var call = new CommandCall(client.Attach(cancellationToken: source.Token), source, outbox);
        try
        {
            await call.GreetAsync(hello).WaitAsync(patience, time, cancellation).ConfigureAwait(false);
            return call;
        }
        catch (TimeoutException)
        {
            call.Dispose();
            throw new TimeoutException($"no answer within {patience.TotalSeconds:0.#} s");
        }
        catch
        {
            call.Dispose();
            throw;
        }
    }

    /// <summary>The next message; null: the aggregator has ended the call.</summary>
    /// <exception cref="RpcException">The call failed.</exception>
    public async ValueTask<AggregatorCommandMessage?> ReadAsync() =>
        await _call.ResponseStream.MoveNext(CancellationToken.None).ConfigureAwait(false) ? _call.ResponseStream.Current : null;

    /// <summary>Sends the reports that may leave. Neither blocks nor throws.</summary>
    public void Pump()
    {
        if (Interlocked.Increment(ref _wanted) == 1)
        {
            _ = PumpAsync();
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _cancellation.Cancel();
        _call.Dispose();
        _cancellation.Dispose();
    }

    private async Task PumpAsync()
    {
        try
        {
            int served;
            do
            {
                served = Volatile.Read(ref _wanted);
                while (_outbox.TryTake(out CommandReport report))
                {
                    await _call.RequestStream.WriteAsync(new AgentCommandMessage { Report = report }).ConfigureAwait(false);
                }
            }
            while (Interlocked.CompareExchange(ref _wanted, 0, served) != served);
        }
        catch (Exception e) when (e is RpcException or InvalidOperationException or OperationCanceledException or IOException)
        {
            // Whoever reads the orders learns why. Nobody pumps on this call any more: what was not acknowledged is sent on the next one.
        }
    }

    private async Task GreetAsync(CommandHello hello)
    {
        await _call.RequestStream.WriteAsync(new AgentCommandMessage { Hello = hello }).ConfigureAwait(false);
        if (!await _call.ResponseStream.MoveNext(CancellationToken.None).ConfigureAwait(false)
            || _call.ResponseStream.Current.KindCase != AggregatorCommandMessage.KindOneofCase.Welcome)
        {
            throw new RpcException(new Status(StatusCode.Internal, "the aggregator did not answer the hello with a welcome"));
        }

        if (_call.ResponseStream.Current.Welcome.Protocol != Protocol)
        {
            throw new RpcException(new Status(StatusCode.FailedPrecondition,
                $"the aggregator ({_call.ResponseStream.Current.Welcome.AggregatorVersion}) speaks command protocol {_call.ResponseStream.Current.Welcome.Protocol}, this agent {Protocol}"));
        }
    }
}
