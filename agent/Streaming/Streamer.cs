using System.Security.Cryptography;
using Grpc.Core;
using Grpc.Net.Client;
using HostAgent.Agent.Spool;
using HostAgent.V1;
using Microsoft.Extensions.Logging;

namespace HostAgent.Agent.Streaming;

/// <summary>Keeps the agent connected to its aggregator: one connection with a live lane and, while there is a backlog, a backfill lane.
/// What one connection did not get acknowledged the next one sends again. A companion may use the connection too for as long as it lasts.</summary>
internal sealed partial class Streamer(
    StreamingOptions options, HostIdentity identity, IHostCredentials credentials, FrameWindow window, DiskSpool spool, Spiller spiller, TimeProvider time,
    FrameTrace? trace, ILogger log, Func<GrpcChannel, CancellationToken, Task>? companion = null)
{
    /// <summary>A connection that held for this long was a good one: the next pause is short again.</summary>
    private static readonly TimeSpan StableAfter = TimeSpan.FromSeconds(30);

    /// <summary>How long the end of the process waits for the last acknowledgements before it spills instead.</summary>
    private static readonly TimeSpan FarewellPatience = TimeSpan.FromSeconds(2);

    private readonly ReconnectDelay _delay = new(options.MinReconnectDelay, options.MaxReconnectDelay, Random.Shared.NextDouble);
    private readonly ConnectionJournal _journal = new(options.Aggregator, log);
    private volatile LiveLane? _live;
    private volatile BackfillLane? _backfill;
    private volatile bool _isLeaving;
    private volatile bool _isMoving;

    public StreamFigures Figures { get; } = new();

    /// <summary>Called on the tick thread after a frame was added to the window. Neither blocks nor throws.</summary>
    public void OnTick(long now)
    {
        if (_live is not { } live)
        {
            return;
        }

        live.Pump();
        if (live.IsSilent(now))
        {
            live.Abort();
        }

        _backfill?.Check();
    }

    /// <summary>Connects, and connects again, until cancelled.</summary>
    public async Task RunAsync(CancellationToken cancellation)
    {
        while (!cancellation.IsCancellationRequested)
        {
            var began = time.GetTimestamp();
            var isRefused = false;
            try
            {
                await ConnectOnceAsync(cancellation).ConfigureAwait(false);
                if (_isLeaving)
                {
                    return;
                }

                if (_isMoving)
                {
                    continue; // to a connection with the new certificate, at once
                }

                _journal.Lost("the aggregator ended the call");
            }
            catch (Exception error) when (error is RpcException or TimeoutException or IOException or CryptographicException
                or UnauthorizedAccessException or OperationCanceledException or InvalidOperationException or NotEnrolledException)
            {
                if (cancellation.IsCancellationRequested || _isLeaving)
                {
                    return;
                }

                isRefused = _journal.Failed(error);
                if (error is RpcException { StatusCode: StatusCode.Unauthenticated } && credentials.Doubt())
                {
                    isRefused = false; // another certificate may help: soon, then
                }
            }

            if (time.GetElapsedTime(began) >= StableAfter)
            {
                _delay.Reset();
            }

            try
            {
                await Task.Delay(isRefused ? _delay.AfterRefusal() : _delay.Next(), time, cancellation).ConfigureAwait(false);
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }
    }

    /// <summary>No more frames come: lets the aggregator acknowledge what is under way, for a moment.</summary>
    public async Task SayFarewellAsync()
    {
        _isLeaving = true;
        if (_live is not { } live)
        {
            return;
        }

        try
        {
            await live.CompleteAsync().WaitAsync(FarewellPatience, time).ConfigureAwait(false);
            var began = time.GetTimestamp();
            while (window.Count > 0 && _live == live && time.GetElapsedTime(began) < FarewellPatience)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(5), time).ConfigureAwait(false);
            }
        }
        catch (Exception error) when (error is RpcException or TimeoutException or InvalidOperationException or OperationCanceledException)
        {
            // Then it is spilled.
        }
    }

    private async Task ConnectOnceAsync(CancellationToken cancellation)
    {
        _isMoving = false;
        using var channel = AggregatorChannel.Open(options, Figures, await credentials.ReadyAsync(cancellation).ConfigureAwait(false));
        var client = new Telemetry.TelemetryClient(channel);
        var told = spool.EndedEpochs();
        var hello = HelloFactory.Live(identity, window.Epoch, options.MaxAckDelay, told);
        using var call = await LaneCall.OpenAsync(client, hello, options, time, cancellation).ConfigureAwait(false);
        if (_journal.Connected())
        {
            Figures.CountReconnect();
        }

        var live = new LiveLane(call, window, spool, told, options, time, Figures, trace);
        using var backfill = new BackfillLane(client, identity, spool, live, options, time, Figures, trace, log);
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var backfilling = backfill.RunAsync(ended.Token);
        var moving = MoveOnRenewalAsync(channel, live, ended.Token);
        var accompanied = companion?.Invoke(channel, ended.Token) ?? Task.CompletedTask;
        try
        {
            spiller.SetAway(null);
            Figures.IsConnected = true;
            _backfill = backfill;
            _live = live;
            live.Pump();
            backfill.Check();
            await live.ReadAcksAsync().ConfigureAwait(false);
        }
        finally
        {
            _live = null;
            _backfill = null;
            Figures.IsConnected = false;
            spiller.SetAway(time.GetTimestamp());
            await ended.CancelAsync().ConfigureAwait(false);
            await ((Task)backfilling).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            await moving.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            await accompanied.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    // With a new certificate the connection is made anew: the aggregator ends those whose certificate has ended.
    private async Task MoveOnRenewalAsync(GrpcChannel channel, LiveLane live, CancellationToken cancellation)
    {
        await credentials.RenewedAsync(channel, cancellation).ConfigureAwait(false);
        _isMoving = true;
        try
        {
            await live.CompleteAsync().WaitAsync(FarewellPatience, time, cancellation).ConfigureAwait(false);
            await Task.Delay(FarewellPatience, time, cancellation).ConfigureAwait(false);
        }
        catch (Exception error) when (error is RpcException or TimeoutException or InvalidOperationException)
        {
            // Then it is ended without a farewell.
        }

        live.Abort();
    }
}
