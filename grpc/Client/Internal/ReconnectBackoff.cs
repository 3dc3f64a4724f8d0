using Grpc.Core;

namespace Grpc.Net.Client.Internal;

/// <summary>Spaces connections out after failures, with jitter, so that a thousand clients do not return in step
/// (gRPC connection-backoff.md). Costs no timer: the pause is judged when a call is made.</summary>
internal sealed class ReconnectBackoff(TimeSpan initial, TimeSpan? max, TimeProvider time)
{
    private const double Growth = 1.6;
    private const double Jitter = 0.2;

    private readonly Lock _gate = new();
    private readonly TimeSpan _initial = initial;
    private TimeSpan _next = initial;
    private TimeSpan _pause;
    private long _failedAt;
    private bool _failing;
    private Status _lastFailure;

    /// <summary>How long a new call has to wait, and why; zero when it may go.</summary>
    public TimeSpan Remaining(out Status lastFailure)
    {
        lock (_gate)
        {
            lastFailure = _lastFailure;
            if (!_failing)
            {
                return TimeSpan.Zero;
            }

            TimeSpan rest = _pause - time.GetElapsedTime(_failedAt);
            return rest > TimeSpan.Zero ? rest : TimeSpan.Zero;
        }
    }

    /// <summary>The server answered.</summary>
    public void Succeeded()
    {
        if (!Volatile.Read(ref _failing))
        {
            return;
        }

        lock (_gate)
        {
            _failing = false;
            _next = _initial;
        }
    }

    /// <summary>A connection failed. Calls that failed together count once.</summary>
    public void Failed(Status failure)
    {
        lock (_gate)
        {
            if (_initial <= TimeSpan.Zero || (_failing && time.GetElapsedTime(_failedAt) < _pause))
            {
                return;
            }

            _pause = _next * (1 - Jitter + (Random.Shared.NextDouble() * 2 * Jitter));
            TimeSpan grown = _next * Growth;
            _next = max is { } limit && grown > limit ? limit : grown;
            _failedAt = time.GetTimestamp();
            _failing = true;
            _lastFailure = failure;
        }
    }
}
