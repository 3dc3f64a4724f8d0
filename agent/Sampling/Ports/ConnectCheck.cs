using System.Net.Sockets;

namespace HostAgent.Agent.Sampling.Ports;

/// <summary>Connects to a port now and then, beside the ticks, and tells how the last attempt went.</summary>
internal sealed class ConnectCheck
{
    private static readonly string[] Reasons = ["refused", "timeout", "unreachable", "name", "other"];

    private readonly ConnectTarget _target;
    private readonly TimeSpan _interval;
    private readonly TimeProvider _time;
    private readonly Aside<Outcome> _aside;
    private readonly (string Name, string Value)[] _labels;
    private readonly OptionalSeries _success;
    private readonly OptionalSeries _seconds;
    private readonly OptionalSeries?[] _failures = new OptionalSeries?[Reasons.Length];
    private readonly long[] _failureCounts = new long[Reasons.Length];

    public ConnectCheck(string name, ConnectTarget target, TimeSpan interval, TimeSpan timeout, TimeProvider time)
    {
        (_target, _interval, _time) = (target, interval, time);
        _aside = new Aside<Outcome>(TryAsync, timeout, new Outcome(TimeSpan.Zero, "timeout"));
        _labels = [("check", name), ("target", target.ToString())];
        _success = new OptionalSeries(PortMetrics.ConnectSuccess, _labels);
        _seconds = new OptionalSeries(PortMetrics.ConnectSeconds, _labels);
    }

    /// <summary>Begins an attempt when its time has come, and stores how the last one went.</summary>
    public void Poll(Tick tick)
    {
        if (_aside.Poll(tick.Time, _interval) is not { } outcome)
        {
            return;
        }

        _success.Set(tick, outcome.Failure is null ? 1 : 0);
        _seconds.SetOrEnd(tick, outcome.Failure is null, (long)outcome.Took.TotalMicroseconds);
        if (outcome.Failure is not null)
        {
            int reason = Array.IndexOf(Reasons, outcome.Failure);
            _failures[reason] ??= new OptionalSeries(PortMetrics.ConnectFailures, [.. _labels, ("reason", Reasons[reason])]);
            _failures[reason]!.Set(tick, ++_failureCounts[reason]);
        }
    }

    private async Task<Outcome> TryAsync(CancellationToken cancellationToken)
    {
        long began = _time.GetTimestamp();
        try
        {
            using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
            await socket.ConnectAsync(_target.Host, _target.Port, cancellationToken).ConfigureAwait(false);
            return new Outcome(_time.GetElapsedTime(began), null);
        }
        catch (SocketException error)
        {
            return new Outcome(_time.GetElapsedTime(began), ReasonOf(error));
        }
        catch (Exception error) when (error is not OperationCanceledException)
        {
            // Whatever else: a check must say that it failed, not end the program.
            return new Outcome(_time.GetElapsedTime(began), "other");
        }
    }

    /// <summary>A word for why there is no connection.</summary>
    public static string ReasonOf(SocketException error) => error.SocketErrorCode switch
    {
        SocketError.ConnectionRefused => "refused",
        SocketError.TimedOut => "timeout",
        SocketError.HostUnreachable or SocketError.NetworkUnreachable or SocketError.HostDown => "unreachable",
        SocketError.HostNotFound or SocketError.NoData or SocketError.TryAgain => "name",
        _ => "other",
    };

    private sealed record Outcome(TimeSpan Took, string? Failure);
}
