using Grpc.Core;
using HostAgent.Aggregator.Commands;
using HostAgent.Aggregator.Enrolment;
using HostAgent.V1;

namespace HostAgent.Aggregator.Api.Grpc;

/// <summary>One call of commands.proto's Attach, for as long as an agent keeps it open.</summary>
internal sealed class CommandsService(
    Dispatcher dispatcher, ReportIntake reports, CommandMeters meters, TelemetryServiceOptions options, TimeProvider time, IHostApplicationLifetime lifetime)
    : V1.Commands.CommandsBase
{
    // Reports that wait for the disk; an agent that sends more is read no further until it has caught up.
    private const int MaxUnacknowledged = 256;

    /// <inheritdoc/>
    public override async Task Attach(
        IAsyncStreamReader<AgentCommandMessage> requestStream, IServerStreamWriter<AggregatorCommandMessage> responseStream, ServerCallContext context)
    {
        HostCall caller = context.Host();
        CommandHello hello = await HelloAsync(requestStream, context.CancellationToken);
        caller.RequireSpeaksForItself(hello.HostId);
        await responseStream.WriteAsync(
            new AggregatorCommandMessage
            {
                Welcome = new CommandWelcome { Protocol = 1, AggregatorVersion = options.Version, ReceivedUnixMs = time.GetUtcNow().ToUnixTimeMilliseconds() },
            },
            context.CancellationToken);
        using AgentSession session = dispatcher.Attach(hello);
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(
            context.CancellationToken, session.Ended, caller.Ended, lifetime.ApplicationStopping);
        Task writing = WriteAsync(session, responseStream, ended);
        try
        {
            dispatcher.Welcomed(session);
            await ReadAsync(session, requestStream, ended.Token);
        }
        catch (OperationCanceledException) when (!context.CancellationToken.IsCancellationRequested)
        {
            throw caller.Reason is not null
                ? new RpcException(caller.StatusOfEnd())
                : session.EndReason is { } reason
                ? new RpcException(new Status(StatusCode.Aborted, reason))
                : new RpcException(new Status(StatusCode.Unavailable, "the aggregator is going down; try again"));
        }
        catch (Storage.StorageException e)
        {
            throw new RpcException(new Status(StatusCode.Unavailable, e.Message)); // nothing was acknowledged: the agent sends it again
        }
        finally
        {
            dispatcher.Detach(session);
            await ended.CancelAsync();
            await writing.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private static async Task<CommandHello> HelloAsync(IAsyncStreamReader<AgentCommandMessage> requestStream, CancellationToken cancellation)
    {
        CommandHello? hello = await requestStream.MoveNext(cancellation) ? requestStream.Current.Hello : null;
        string? against = hello is null ? "the first message of a call must be CommandHello"
            : hello.Protocol != 1 ? $"protocol {hello.Protocol} is not spoken here; this aggregator speaks 1"
            : hello.HostId.Length != 32 || hello.HostId.Any(static c => !char.IsAsciiHexDigitLower(c)) ? "host_id must be 32 lower-case hex digits"
            : hello.HostName.Length is 0 or > 253 ? "host_name must have 1 to 253 characters"
            : hello.Kinds.Count > 1000 ? "more than 1000 kinds"
            : null;
        return against is null ? hello! : throw new RpcException(new Status(StatusCode.InvalidArgument, against));
    }

    private async Task ReadAsync(AgentSession session, IAsyncStreamReader<AgentCommandMessage> requestStream, CancellationToken ended)
    {
        var waiting = new Queue<(ulong Sequence, Task Durable)>();
        Task<bool> next = requestStream.MoveNext(ended);
        while (true)
        {
            Task first = waiting.Count == 0 ? next : waiting.Count >= MaxUnacknowledged ? waiting.Peek().Durable : await Task.WhenAny(next, waiting.Peek().Durable);
            if (first == next)
            {
                if (!await next)
                {
                    break;
                }

                CommandReport report = requestStream.Current.Report
                    ?? throw new RpcException(new Status(StatusCode.InvalidArgument, "after CommandHello, every message must be a CommandReport"));
                Task durable = reports.TakeAsync(session.HostId, report);
                if (report.Sequence != 0)
                {
                    waiting.Enqueue((report.Sequence, durable));
                }

                next = requestStream.MoveNext(ended);
                continue;
            }

            await AcknowledgeAsync(session, waiting);
        }

        while (waiting.Count > 0)
        {
            await AcknowledgeAsync(session, waiting);
        }
    }

    // Acks are cumulative: one for all that are durable by now.
    private static async Task AcknowledgeAsync(AgentSession session, Queue<(ulong Sequence, Task Durable)> waiting)
    {
        ulong sequence = 0;
        do
        {
            (sequence, Task durable) = waiting.Dequeue();
            await durable;
        }
        while (waiting.TryPeek(out (ulong, Task Durable) head) && head.Durable.IsCompleted);

        session.Send(new AggregatorCommandMessage { Ack = new ReportAck { Sequence = sequence } });
    }

    private async Task WriteAsync(AgentSession session, IServerStreamWriter<AggregatorCommandMessage> responseStream, CancellationTokenSource ended)
    {
        try
        {
            await foreach (AgentSession.Outgoing outgoing in session.Waiting.ReadAllAsync(ended.Token))
            {
                await responseStream.WriteAsync(outgoing.Message, ended.Token);
                if (outgoing.AcceptedTimestamp != 0)
                {
                    meters.Written(outgoing.AcceptedTimestamp);
                }
            }
        }
        catch
        {
            // The call cannot be answered any more: stop reading it, too.
            await ended.CancelAsync();
            throw;
        }
    }
}
