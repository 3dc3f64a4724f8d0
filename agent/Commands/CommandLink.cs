using Grpc.Core;
using Grpc.Net.Client;
using HostAgent.Agent.Commands.Execution;
using HostAgent.Agent.Commands.Journal;
using HostAgent.Agent.Commands.Policy;
using HostAgent.Agent.Streaming;
using HostAgent.V1;
using Microsoft.Extensions.Logging;

namespace HostAgent.Agent.Commands;

/// <summary>Keeps the command call open on the connection that telemetry has made. While nothing is ordered it costs nothing: it waits for the wire, without
/// timers; that the peer is dead is noticed by telemetry, which ends the connection.</summary>
internal sealed partial class CommandLink(
    HostIdentity identity, ExecutorSetup setup, Executor executor, StreamingOptions options, ILogger log)
{
    private static readonly TimeSpan StableAfter = TimeSpan.FromSeconds(30);
    private readonly ReconnectDelay _delay = new(options.MinReconnectDelay, options.MaxReconnectDelay, Random.Shared.NextDouble);
    private string? _problem;

    /// <summary>Attaches, and attaches again, until the connection is over. Does not throw.</summary>
    public async Task RunAsync(GrpcChannel channel, CancellationToken cancellation)
    {
        while (!cancellation.IsCancellationRequested)
        {
            long began = setup.Time.GetTimestamp();
            bool isRefused = false;
            try
            {
                await AttachAsync(channel, cancellation).ConfigureAwait(false);
                Tell("the aggregator ended the call");
            }
            catch (Exception error) when (error is RpcException or TimeoutException or IOException or OperationCanceledException or InvalidOperationException)
            {
                if (cancellation.IsCancellationRequested)
                {
                    return;
                }

                isRefused = error is RpcException { StatusCode: not (StatusCode.Unavailable or StatusCode.Cancelled or StatusCode.DeadlineExceeded) };
                Tell(error is RpcException rpc ? $"{rpc.StatusCode}: {rpc.Status.Detail}" : error.Message);
            }

            if (setup.Time.GetElapsedTime(began) >= StableAfter)
            {
                _delay.Reset();
            }

            try
            {
                await Task.Delay(isRefused ? _delay.AfterRefusal() : _delay.Next(), setup.Time, cancellation).ConfigureAwait(false);
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }
    }

    private async Task AttachAsync(GrpcChannel channel, CancellationToken cancellation)
    {
        using var call = await CommandCall.OpenAsync(
            new V1.Commands.CommandsClient(channel), Hello(), options.ConnectTimeout, setup.Outbox, setup.Time, cancellation).ConfigureAwait(false);
        if (_problem is not null)
        {
            LogAttached(log);
            _problem = null;
        }

        setup.Outbox.Attach(call.Pump);
        try
        {
            while (await call.ReadAsync().ConfigureAwait(false) is { } message)
            {
                Take(message);
            }
        }
        finally
        {
            setup.Outbox.Detach();
        }
    }

    private void Take(AggregatorCommandMessage message)
    {
        switch (message.KindCase)
        {
            case AggregatorCommandMessage.KindOneofCase.Order:
                executor.Submit(message.Order, CommandOrigin.Aggregator);
                break;
            case AggregatorCommandMessage.KindOneofCase.Cancel:
                executor.Cancel(message.Cancel.CommandId, message.Cancel.Reason);
                break;
            case AggregatorCommandMessage.KindOneofCase.Ack:
                setup.Journal.Acknowledge(message.Ack.Sequence);
                break;
            default:
                break;
        }
    }

    private CommandHello Hello()
    {
        var hello = new CommandHello
        {
            Protocol = CommandCall.Protocol,
            HostId = identity.HostId,
            HostName = identity.HostName,
            AgentVersion = identity.AgentVersion,
            SentUnixMs = setup.Time.GetUtcNow().ToUnixTimeMilliseconds(),
        };
        CommandPolicy policy = setup.Policy.Current(out _);
        hello.Kinds.Add(setup.Handlers.Definitions.Select(definition => KindDefs.Of(definition, policy)));
        return hello;
    }

    private void Tell(string problem)
    {
        if (problem != _problem)
        {
            _problem = problem;
            LogDetached(log, problem);
        }
    }

    [LoggerMessage(91, LogLevel.Information, "The aggregator can give orders again")]
    private static partial void LogAttached(ILogger log);

    [LoggerMessage(92, LogLevel.Warning, "The aggregator cannot give orders: {Reason}. Trying again on its own")]
    private static partial void LogDetached(ILogger log, string reason);
}
