namespace Grpc.Net.Client.Internal;

/// <summary>Ends a call when its deadline passes. Calls without a deadline have none and cost no timer.</summary>
internal sealed class CallDeadline : IDisposable
{
    /// <summary>Timers cannot be set further ahead; a longer deadline is looked at again then.</summary>
    private static readonly TimeSpan MaxTimer = TimeSpan.FromDays(24);

    private readonly ClientCall _call;
    private readonly TimeProvider _time;
    private readonly DateTime _deadline;
    private readonly ITimer _timer;

    private CallDeadline(ClientCall call, TimeProvider time, DateTime deadline)
    {
        _call = call;
        _time = time;
        _deadline = deadline;
        _timer = time.CreateTimer(static state => ((CallDeadline)state!).Check(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        Check();
    }

    /// <summary>Time left; zero when the deadline has passed.</summary>
    public TimeSpan Remaining
    {
        get
        {
            TimeSpan rest = _deadline - _time.GetUtcNow().UtcDateTime;
            return rest > TimeSpan.Zero ? rest : TimeSpan.Zero;
        }
    }

    /// <summary>The deadline of a call and of the server call it is made for, whichever is earlier; null when there is none.</summary>
    /// <exception cref="InvalidOperationException">The deadline is not in UTC.</exception>
    public static CallDeadline? Create(ClientCall call, TimeProvider time)
    {
        DateTime deadline = call.Options.Deadline ?? DateTime.MaxValue;
        if (deadline != DateTime.MinValue && deadline != DateTime.MaxValue && deadline.Kind != DateTimeKind.Utc)
        {
            throw new InvalidOperationException("Deadline must have a kind DateTimeKind.Utc or be equal to DateTime.MaxValue or DateTime.MinValue.");
        }

        if (call.Options.PropagationToken is { } parent && parent.Deadline < deadline)
        {
            deadline = parent.Deadline;
        }

        return deadline == DateTime.MaxValue ? null : new CallDeadline(call, time, deadline);
    }

    public void Dispose() => _timer.Dispose();

    private void Check()
    {
        TimeSpan rest = Remaining;
        if (rest <= TimeSpan.Zero)
        {
            _call.DeadlineExceeded();
            return;
        }

        // A timer may fire up to a millisecond early by the wall clock: rounded up, it need not be set twice.
        TimeSpan due = rest < MaxTimer ? rest + TimeSpan.FromMilliseconds(1) : MaxTimer;
        try
        {
            _timer.Change(due, Timeout.InfiniteTimeSpan);
        }
        catch (ObjectDisposedException)
        {
            // The call ended in between.
        }
    }
}
