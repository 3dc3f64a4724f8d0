namespace HostAgent.Agent.Spool;

/// <summary>
/// Moves frames from memory to disk when the aggregator has been away, or silent, for too long, when memory runs out, and at the end of
/// the process. Works on a thread of its own choosing, so that a slow disk delays nobody.
/// </summary>
internal sealed class Spiller(FrameWindow window, DiskSpool spool, SpoolOptions options, TimeProvider time) : IDisposable
{
    private const int FramesPerWrite = 256;

    /// <summary>How long the disk is left alone after it has refused.</summary>
    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(3);

    private readonly SemaphoreSlim _signal = new(0, 1);
    private readonly Lock _gate = new();
    private readonly List<KeptFrame> _frames = [];
    private readonly long _spillAfterTicks = (long)(options.SpillAfter.TotalSeconds * time.TimestampFrequency);
    private long _awaySince = time.GetTimestamp();
    private long _cutoff;
    private long _retryAt = long.MinValue;

    /// <summary>The aggregator is there (null) or has been away since a monotonic time.</summary>
    public void SetAway(long? since) => Volatile.Write(ref _awaySince, since ?? long.MaxValue);

    /// <summary>Called on the tick thread: wakes the spiller only when there is something to do.</summary>
    public void Check(long now)
    {
        // An aggregator that is away gets nothing soon, so everything goes to disk; one that is merely slow loses only what is overdue.
        var since = Volatile.Read(ref _awaySince);
        var isAway = since != long.MaxValue && now - since >= _spillAfterTicks;
        var cutoff = isAway ? long.MaxValue : now - _spillAfterTicks;
        if (!window.IsOverdue(cutoff))
        {
            return;
        }

        Volatile.Write(ref _cutoff, cutoff);
        if (_signal.CurrentCount == 0)
        {
            _signal.Release();
        }
    }

    public async Task RunAsync(CancellationToken cancellation)
    {
        while (true)
        {
            await _signal.WaitAsync(cancellation).ConfigureAwait(false);
            Spill(Volatile.Read(ref _cutoff));
        }
    }

    /// <summary>The process ends: everything that is not acknowledged goes to disk, or into the account of losses.</summary>
    public void SpillAll()
    {
        _retryAt = long.MinValue;
        Spill(long.MaxValue);
        window.DropAll();
        TakeLosses();
    }

    public void Dispose() => _signal.Dispose();

    private void Spill(long cutoff)
    {
        lock (_gate)
        {
            TakeLosses();
            while (time.GetTimestamp() >= _retryAt)
            {
                _frames.Clear();
                window.Take(cutoff, FramesPerWrite, _frames);
                if (_frames.Count == 0)
                {
                    break;
                }

                var written = spool.Append(_frames);
                window.Forget(_frames, written);
                if (written < _frames.Count)
                {
                    window.PutBack(_frames, written);
                    _retryAt = time.GetTimestamp() + (long)(RetryAfter.TotalSeconds * time.TimestampFrequency);
                }
            }

            spool.SyncIfDue();
        }
    }

    private void TakeLosses()
    {
        while (window.TryTakeLoss(out var loss))
        {
            spool.AddLoss(loss);
        }
    }
}
