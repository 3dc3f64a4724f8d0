using HostAgent.Agent.Spool;
using HostAgent.V1;

namespace HostAgent.Agent.Streaming;

/// <summary>What is in flight on one call of the backfill lane, and the brakes on it.</summary>
internal sealed class BackfillFlow(
    LaneCall call, DiskSpool spool, LiveLane live, StreamingOptions options, TimeProvider time, StreamFigures figures, FrameTrace? trace)
    : IDisposable
{
    /// <summary>Unacknowledged bytes at most: what a live frame may have to wait behind in the connection.</summary>
    private const int MaxBytesInFlight = 256 << 10;

    private readonly Lock _gate = new();
    private readonly LinkedList<BackfillItem> _inFlight = new();
    private readonly SemaphoreSlim _progress = new(0);
    private readonly long _began = time.GetTimestamp();
    private long _bytesInFlight;
    private long _bytesSent;
    private bool _hasEnded;

    /// <summary>What the aggregator must answer next; null: nothing.</summary>
    public BackfillItem? OldestInFlight
    {
        get
        {
            lock (_gate)
            {
                return _inFlight.First?.Value;
            }
        }
    }

    public async Task SendAsync(LossRange loss, CancellationToken cancellation)
    {
        var batch = new Batch { Epoch = loss.Epoch };
        batch.Entries.Add(new Entry { Loss = loss.ToWire() });
        var bytes = batch.CalculateSize();
        await AdmitAsync(bytes, cancellation).ConfigureAwait(false);
        Add(new BackfillItem(loss.Epoch, loss.Last, null, loss, bytes));
        await call.WriteAsync(batch).ConfigureAwait(false);
    }

    public async Task SendAsync(Segment segment, SegmentRecord record, Batch batch, int bytes, CancellationToken cancellation)
    {
        await AdmitAsync(bytes, cancellation).ConfigureAwait(false);
        if (record.Sequence != 0)
        {
            Add(new BackfillItem(segment.Epoch, record.Sequence, segment, null, bytes));
            figures.CountBackfilled();
        }

        await call.WriteAsync(batch).ConfigureAwait(false);
    }

    /// <summary>Waits until everything sent is acknowledged.</summary>
    /// <exception cref="TimeoutException">Nothing was acknowledged for too long.</exception>
    public Task DrainAsync(CancellationToken cancellation) => WaitAsync(() => _inFlight.Count == 0, cancellation);

    /// <summary>Takes acknowledgements until the call ends.</summary>
    /// <exception cref="Grpc.Core.RpcException">The call failed.</exception>
    public async Task ReadAcksAsync()
    {
        try
        {
            while (await call.ReadAckAsync().ConfigureAwait(false) is { } ack)
            {
                Acknowledge(ack);
                _progress.Release();
            }
        }
        finally
        {
            lock (_gate)
            {
                _hasEnded = true;
            }

            _progress.Release();
        }
    }

    public void Dispose() => _progress.Dispose();

    private async Task AdmitAsync(int bytes, CancellationToken cancellation)
    {
        await WaitAsync(
            () => _inFlight.Count == 0 || (_inFlight.Count < call.WindowFrames && _bytesInFlight + bytes <= MaxBytesInFlight),
            cancellation).ConfigureAwait(false);
        while (live.IsBusy)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(5), time, cancellation).ConfigureAwait(false);
        }

        var ahead = TimeSpan.FromSeconds((double)_bytesSent / options.BackfillBytesPerSecond) - time.GetElapsedTime(_began);
        if (ahead > TimeSpan.FromMilliseconds(10))
        {
            await Task.Delay(ahead, time, cancellation).ConfigureAwait(false);
        }

        _bytesSent += bytes;
    }

    private async Task WaitAsync(Func<bool> condition, CancellationToken cancellation)
    {
        while (true)
        {
            lock (_gate)
            {
                if (_hasEnded)
                {
                    throw new InvalidOperationException("the aggregator has ended the call");
                }

                if (condition())
                {
                    return;
                }
            }

            if (!await _progress.WaitAsync(options.AckTimeout, cancellation).ConfigureAwait(false))
            {
                throw new TimeoutException($"no acknowledgement for {options.AckTimeout.TotalSeconds:0} s");
            }
        }
    }

    private void Add(BackfillItem item)
    {
        lock (_gate)
        {
            _inFlight.AddLast(item);
            _bytesInFlight += item.Bytes;
        }
    }

    private void Acknowledge(Ack ack)
    {
        var done = new List<BackfillItem>();
        lock (_gate)
        {
            if (!_inFlight.Any(item => item.Epoch == ack.Epoch && item.Sequence == ack.Sequence))
            {
                return;
            }

            BackfillItem item;
            do
            {
                item = _inFlight.First!.Value;
                _inFlight.RemoveFirst();
                _bytesInFlight -= item.Bytes;
                done.Add(item);
            }
            while (item.Epoch != ack.Epoch || item.Sequence != ack.Sequence);
        }

        for (var i = 0; i < done.Count; i++)
        {
            if (done[i].Loss is { } loss)
            {
                trace?.Loss(loss);
                spool.Acknowledge(loss);
            }
            else if (i == done.Count - 1 || done[i + 1].Segment != done[i].Segment)
            {
                var from = i;
                while (from > 0 && done[from - 1].Segment == done[i].Segment)
                {
                    from--;
                }

                trace?.Ack(done[i].Epoch, done[from].Sequence, done[i].Sequence, "backfill");
                spool.Acknowledge(done[i].Segment!, done[i].Sequence);
                figures.CountAcknowledged(i - from + 1);
            }
        }
    }
}
