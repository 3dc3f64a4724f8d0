using System.Threading.Channels;
using Grpc.Core;
using HostAgent.Aggregator.Enrolment;
using HostAgent.Aggregator.Ingest;
using HostAgent.V1;

namespace HostAgent.Aggregator.Api.Grpc;

/// <summary>The receive and ack stages: one call of telemetry.proto's Stream, for as long as an agent keeps it open.</summary>
internal sealed class TelemetryService(
    IngestPipeline pipeline, EnrolledHosts enrolled, TelemetryServiceOptions options, TimeProvider time, IHostApplicationLifetime lifetime)
    : Telemetry.TelemetryBase
{
    /// <inheritdoc/>
    public override async Task Stream(
        IAsyncStreamReader<AgentMessage> requestStream, IServerStreamWriter<AggregatorMessage> responseStream, ServerCallContext context)
    {
        HostCall caller = context.Host();
        try
        {
            using LaneSession lane = await OpenAsync(caller, requestStream, responseStream, context.CancellationToken);
            using var ended = CancellationTokenSource.CreateLinkedTokenSource(
                [context.CancellationToken, lane.Ended, caller.Ended, lifetime.ApplicationStopping]);
            Task acks = AckAsync(lane, responseStream, ended);
            try
            {
                await ReceiveAsync(lane, requestStream, ended.Token);
                pipeline.Close(lane);
                await acks; // the agent has said all it had to say: it hears of the last of it
            }
            catch (Exception e) when (caller.Reason is null && EndOf(lane, e, context.CancellationToken) is { } reason)
            {
                throw reason;
            }
            finally
            {
                pipeline.Close(lane);
                await ended.CancelAsync();
                await acks.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
        catch (RefusalException e)
        {
            throw new RpcException(StatusOf(e));
        }
    }

    private static Status StatusOf(RefusalException e) => new(
        e.Kind switch
        {
            RefusalKind.Invalid => StatusCode.InvalidArgument,
            RefusalKind.OverLimit => StatusCode.ResourceExhausted,
            RefusalKind.Replaced => StatusCode.Aborted,
            RefusalKind.Duplicate => StatusCode.PermissionDenied,
            RefusalKind.NotTheNewest => StatusCode.AlreadyExists,
            _ => StatusCode.Unavailable,
        },
        e.Message);

    private static async Task<Hello> HelloAsync(IAsyncStreamReader<AgentMessage> requestStream, CancellationToken cancellation)
        => await requestStream.MoveNext(cancellation) && requestStream.Current.KindCase == AgentMessage.KindOneofCase.Hello
            ? requestStream.Current.Hello
            : throw RefusalException.Invalid("no_hello", "the first message of a call must be Hello");

    private async Task<LaneSession> OpenAsync(
        HostCall caller, IAsyncStreamReader<AgentMessage> requestStream, IServerStreamWriter<AggregatorMessage> responseStream, CancellationToken cancellation)
    {
        Hello hello = await HelloAsync(requestStream, cancellation);
        caller.RequireSpeaksForItself(hello.HostId);
        SetLabels(hello);
        long received = time.GetUtcNow().ToUnixTimeMilliseconds();
        LaneSession lane;
        try
        {
            lane = pipeline.Open(hello);
        }
        catch (RefusalException e)
        {
            pipeline.RefusedCall(e);
            throw;
        }

        var welcome = new Welcome
        {
            Protocol = 1,
            AggregatorVersion = options.Version,
            ReceivedUnixMs = received,
            WindowFrames = (uint)pipeline.Options.WindowFrames,
            MaxMessageBytes = (uint)pipeline.Options.MaxMessageBytes,
        };
        try
        {
            await responseStream.WriteAsync(new AggregatorMessage { Welcome = welcome }, cancellation);
            return lane;
        }
        catch
        {
            pipeline.Close(lane);
            lane.Dispose();
            throw;
        }
    }

    // What the enrolment token said of the host stands above what the host says of itself.
    private void SetLabels(Hello hello)
    {
        foreach ((string name, string value) in enrolled.Find(hello.HostId)?.Labels ?? [])
        {
            if (hello.Labels.FirstOrDefault(label => label.Name == name) is { } said)
            {
                said.Value = value;
            }
            else
            {
                hello.Labels.Add(new Label { Name = name, Value = value });
            }
        }
    }

    private async Task ReceiveAsync(LaneSession lane, IAsyncStreamReader<AgentMessage> requestStream, CancellationToken ended)
    {
        while (await requestStream.MoveNext(ended))
        {
            if (requestStream.Current.KindCase != AgentMessage.KindOneofCase.Batch)
            {
                throw RefusalException.Invalid("not_a_batch", "after Hello, every message must be a Batch");
            }

            lane.Accept(requestStream.Current.Batch);
            await pipeline.WaitForRoomAsync(ended);
        }
    }

    // Acks are cumulative: only the newest is written, and on an agent's wish not before some time has passed, so that it wakes up less often.
    private async Task AckAsync(LaneSession lane, IServerStreamWriter<AggregatorMessage> responseStream, CancellationTokenSource ended)
    {
        TimeSpan delay = TimeSpan.FromMilliseconds(Math.Min(lane.Hello.MaxAckDelayMs, options.MaxAckDelay.TotalMilliseconds));
        ChannelReader<Ack> durable = lane.Acks;
        try
        {
            while (await durable.WaitToReadAsync(ended.Token))
            {
                if (delay > TimeSpan.Zero && lane.InFlight < pipeline.Options.WindowFrames / 4 && !lane.AllDurable.IsCompleted)
                {
                    await Task.WhenAny(Task.Delay(delay, time, ended.Token), lane.AllDurable);
                }

                if (durable.TryRead(out Ack? ack))
                {
                    await responseStream.WriteAsync(new AggregatorMessage { Ack = ack });
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

    // What a call that broke off is told. Null: the exception stands for itself.
    private RefusalException? EndOf(LaneSession lane, Exception e, CancellationToken call)
    {
        if (e is RefusalException refusal)
        {
            pipeline.Refused(lane.Host, refusal.Reason, refusal.Message);
            return null;
        }

        if (e is not OperationCanceledException || call.IsCancellationRequested)
        {
            return null;
        }

        return lane.EndReason ?? new RefusalException(RefusalKind.Unavailable, "stopping", "the aggregator is going down; try again");
    }
}
