using Grpc.Core;
using HostAgent.Agent.Spool;
using HostAgent.V1;
using Microsoft.Extensions.Logging;

namespace HostAgent.Agent.Streaming;

/// <summary>
/// Sends what the spool holds, oldest first, beside the live lane of a connection: opened only when there is something to send, bounded in
/// bytes in flight and per second, and stepping back while the live lane writes.
/// </summary>
internal sealed partial class BackfillLane(
    Telemetry.TelemetryClient client, HostIdentity identity, DiskSpool spool, LiveLane live, StreamingOptions options, TimeProvider time,
    StreamFigures figures, FrameTrace? trace, ILogger log) : IDisposable
{
    /// <summary>A segment that the aggregator refuses this often in a row is put aside like a damaged one.</summary>
    private const int MostRefusals = 3;

    private readonly Lock _gate = new();
    private readonly SemaphoreSlim _signal = new(0, 1);
    private readonly ReconnectDelay _delay = new(options.MinReconnectDelay, options.MaxReconnectDelay, Random.Shared.NextDouble);
    private int _refusals;
    private volatile bool _isWorking;
    private bool _isDisposed;

    /// <summary>Called on the tick thread: wakes the lane when there is a backlog and it is not at it already.</summary>
    public void Check()
    {
        if (!spool.HasBacklog || _isWorking)
        {
            return;
        }

        lock (_gate)
        {
            if (!_isDisposed && _signal.CurrentCount == 0)
            {
                _signal.Release();
            }
        }
    }

    /// <summary>Works until cancelled; failures of its own calls do not disturb the live lane.</summary>
    public async Task RunAsync(CancellationToken cancellation)
    {
        while (true)
        {
            await _signal.WaitAsync(cancellation).ConfigureAwait(false);
            _isWorking = true;
            try
            {
                await SendBacklogAsync(cancellation).ConfigureAwait(false);
                _delay.Reset();
            }
            catch (Exception error) when (error is RpcException or TimeoutException or IOException or InvalidOperationException or UnauthorizedAccessException)
            {
                LogFailed(log, ConnectionProblem.InWords(error));
                await Task.Delay(_delay.Next(), time, cancellation).ConfigureAwait(false);
            }
            finally
            {
                _isWorking = false;
            }
        }
    }

    public void Dispose()
    {
        lock (_gate)
        {
            _isDisposed = true;
            _signal.Dispose();
        }
    }

    private async Task SendBacklogAsync(CancellationToken cancellation)
    {
        var losses = spool.LossesToSend();
        if (!spool.TryBeginSending(null, out var segment) && losses.Length == 0)
        {
            return;
        }

        var hello = HelloFactory.Backfill(identity, spool.Epoch);
        using var call = await LaneCall.OpenAsync(client, hello, options, time, cancellation).ConfigureAwait(false);
        using var flow = new BackfillFlow(call, spool, live, options, time, figures, trace);
        var acks = flow.ReadAcksAsync();
        try
        {
            foreach (var loss in losses)
            {
                await flow.SendAsync(loss, cancellation).ConfigureAwait(false);
            }

            for (var more = segment is not null; more; more = spool.TryBeginSending(segment, out segment))
            {
                await SendSegmentAsync(flow, segment!, cancellation).ConfigureAwait(false);
            }

            await flow.DrainAsync(cancellation).ConfigureAwait(false);
            await call.CompleteAsync().ConfigureAwait(false);
            await acks.WaitAsync(options.AckTimeout, time, cancellation).ConfigureAwait(false);
            _refusals = 0;
        }
        catch (Exception error) when (error is RpcException or InvalidOperationException)
        {
            // The reader of the acknowledgements has the status that explains it.
            call.Abort();
            var status = await StatusOf(acks).ConfigureAwait(false) ?? error as RpcException;
            if (status?.StatusCode == StatusCode.InvalidArgument && flow.OldestInFlight?.Segment is { } refused && ++_refusals >= MostRefusals)
            {
                LogRefused(log, refused.Path, status.Status.Detail);
                _refusals = 0;
                spool.GiveUp(refused, refused.AcknowledgedThrough);
            }

            throw status ?? error;
        }
        catch (Exception error) when (segment is not null && error is (IOException or UnauthorizedAccessException))
        {
            // The file does not read (any more). A disk may have a bad moment, but it does not get to block what lies behind it.
            if (++_refusals >= MostRefusals)
            {
                LogUnreadable(log, segment.Path, error.Message);
                _refusals = 0;
                spool.GiveUp(segment, segment.AcknowledgedThrough);
            }

            throw;
        }
        finally
        {
            spool.EndSending();
        }
    }

    private async Task SendSegmentAsync(BackfillFlow flow, Segment segment, CancellationToken cancellation)
    {
        ulong last = 0;
        using (var reader = new SegmentReader(segment.Path))
        {
            while (last < segment.Last && reader.TryRead(out var record, out var bytes))
            {
                await flow.SendAsync(segment, record, Batch.Parser.ParseFrom(bytes.Span), bytes.Length, cancellation).ConfigureAwait(false);
                last = Math.Max(last, record.Sequence);
            }
        }

        if (last < segment.Last)
        {
            // What was sound must be safe at the aggregator before the rest is given up with the file.
            await flow.DrainAsync(cancellation).ConfigureAwait(false);
            spool.GiveUp(segment, last);
        }
    }

    private static async Task<RpcException?> StatusOf(Task acks)
    {
        try
        {
            await acks.ConfigureAwait(false);
            return null;
        }
        catch (RpcException error)
        {
            return error;
        }
    }

    [LoggerMessage(41, LogLevel.Warning, "Catching up was interrupted: {Reason}. Trying again on its own; live samples are not affected")]
    private static partial void LogFailed(ILogger log, string reason);

    [LoggerMessage(43, LogLevel.Error, "{Path} cannot be read: {Reason}. Putting it aside; what it holds is reported as lost")]
    private static partial void LogUnreadable(ILogger log, string path, string reason);

    [LoggerMessage(42, LogLevel.Error, "The aggregator refuses {Path} again and again: {Reason}. Putting it aside; what it holds is reported as lost")]
    private static partial void LogRefused(ILogger log, string path, string reason);
}
