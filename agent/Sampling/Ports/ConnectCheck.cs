using System.Net.Sockets;

namespace HostAgent.Agent.Sampling.Ports;

/// <summary>Connects to a port now and then, on threads of the pool, and tells how the last attempt went.</summary>
/// <remarks>One attempt at a time: a resolver that does not come back holds one thread and nothing else, and counts as a timeout.</remarks>
internal sealed class ConnectCheck(string name, ConnectTarget target, TimeSpan interval, TimeSpan timeout)
{
    private static readonly string[] Reasons = ["refused", "timeout", "unreachable", "name", "other"];

    private readonly (string Name, string Value)[] _labels = [("check", name), ("target", target.ToString())];
    private readonly OptionalSeries _success = new(PortMetrics.ConnectSuccess, ("check", name), ("target", target.ToString()));
    private readonly OptionalSeries _seconds = new(PortMetrics.ConnectSeconds, ("check", name), ("target", target.ToString()));
    private readonly OptionalSeries?[] _failures = new OptionalSeries?[Reasons.Length];
    private readonly long[] _failureCounts = new long[Reasons.Length];
    private Attempt? _attempt;
    private Attempt? _told;
    private bool _isTold;

    /// <summary>Begins an attempt when its time has come, and stores how the last one went.</summary>
    public void Poll(Tick tick)
    {
        if (_attempt is null || (_attempt.Outcome is not null && tick.Time.GetElapsedTime(_attempt.Began) >= interval))
        {
            _attempt = new Attempt(tick.Time.GetTimestamp());
            Begin(_attempt, tick.Time);
        }

        // An attempt is told once, by its outcome or because it is overdue.
        Outcome? outcome = _attempt.Outcome;
        if (outcome is null && tick.Time.GetElapsedTime(_attempt.Began) > timeout + TimeSpan.FromSeconds(1))
        {
            outcome = new Outcome(TimeSpan.Zero, "timeout");
        }

        if (outcome is not null && _told != _attempt)
        {
            _told = _attempt;
            Take(tick, outcome);
        }

        if (_isTold)
        {
            for (int i = 0; i < Reasons.Length; i++)
            {
                _failures[i]?.Set(tick, _failureCounts[i]);
            }
        }
    }

    private void Take(Tick tick, Outcome outcome)
    {
        _isTold = true;
        _success.Set(tick, outcome.Failure is null ? 1 : 0);
        _seconds.SetOrEnd(tick, outcome.Failure is null, (long)outcome.Took.TotalMicroseconds);
        if (outcome.Failure is not null)
        {
            int reason = Math.Max(0, Array.IndexOf(Reasons, outcome.Failure));
            _failureCounts[reason]++;
            _failures[reason] ??= new OptionalSeries(PortMetrics.ConnectFailures, [.. _labels, ("reason", Reasons[reason])]);
        }
    }

    private void Begin(Attempt attempt, TimeProvider time) => Task.Run(async () => attempt.Outcome = await TryAsync(time).ConfigureAwait(false));

    private async Task<Outcome> TryAsync(TimeProvider time)
    {
        long began = time.GetTimestamp();
        using var limit = new CancellationTokenSource(timeout);
        try
        {
            using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
            await socket.ConnectAsync(target.Host, target.Port, limit.Token).ConfigureAwait(false);
            return new Outcome(time.GetElapsedTime(began), null);
        }
        catch (OperationCanceledException)
        {
            return new Outcome(timeout, "timeout");
        }
        catch (SocketException error)
        {
            return new Outcome(time.GetElapsedTime(began), error.SocketErrorCode switch
            {
                SocketError.ConnectionRefused => "refused",
                SocketError.TimedOut => "timeout",
                SocketError.HostUnreachable or SocketError.NetworkUnreachable or SocketError.HostDown => "unreachable",
                SocketError.HostNotFound or SocketError.NoData or SocketError.TryAgain => "name",
                _ => "other",
            });
        }
        catch (Exception)
        {
            // Whatever else: a check must say that it failed, not end the program.
            return new Outcome(time.GetElapsedTime(began), "other");
        }
    }

    private sealed record Outcome(TimeSpan Took, string? Failure);

    private sealed class Attempt(long began)
    {
        private volatile Outcome? _outcome;

        public long Began => began;

        public Outcome? Outcome
        {
            get => _outcome;
            set => _outcome = value;
        }
    }
}
