namespace HostAgent.Agent.Sampling;

/// <summary>Work that may take long, done now and then beside the ticks on threads of the pool, one at a time.</summary>
/// <remarks>Work that does not come back holds one thread and nothing else: it is told as overdue once, and nothing new begins until it comes back.</remarks>
/// <typeparam name="T">What the work finds out.</typeparam>
internal sealed class Aside<T>
    where T : class
{
    private readonly Func<CancellationToken, Task<T>> _work;
    private readonly TimeSpan _timeout;
    private readonly TimeSpan _patience;
    private readonly T _overdue;
    private Attempt? _attempt;
    private bool _isTold;

    /// <param name="work">The work. It must not throw but for being cancelled, which counts as overdue.</param>
    /// <param name="timeout">When the work is cancelled; a second later it is told as overdue even if it does not heed that.</param>
    /// <param name="overdue">What is told of work that takes longer.</param>
    public Aside(Func<CancellationToken, Task<T>> work, TimeSpan timeout, T overdue)
    {
        (_work, _timeout, _overdue) = (work, timeout, overdue);
        _patience = timeout + TimeSpan.FromSeconds(1);
    }

    /// <summary>Begins the work when it is not under way and the last one began <paramref name="interval"/> ago. Returns what a piece of work has found
    /// out, once; otherwise null.</summary>
    public T? Poll(TimeProvider time, TimeSpan interval)
    {
        if (_attempt is null || (_attempt.Result is not null && _isTold && time.GetElapsedTime(_attempt.Began) >= interval))
        {
            _attempt = new Attempt(time.GetTimestamp());
            _isTold = false;
            Begin(_attempt);
        }

        T? result = _isTold ? null : _attempt.Result ?? (time.GetElapsedTime(_attempt.Began) > _patience ? _overdue : null);
        _isTold |= result is not null;
        return result;
    }

    private void Begin(Attempt attempt) => Task.Run(async () =>
    {
        using var limit = new CancellationTokenSource(_timeout);
        try
        {
            attempt.Result = await _work(limit.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            attempt.Result = _overdue;
        }
    });

    private sealed class Attempt(long began)
    {
        private volatile T? _result;

        public long Began => began;

        public T? Result
        {
            get => _result;
            set => _result = value;
        }
    }
}
