using HostAgent.Agent.Spool;
using HostAgent.V1;

namespace HostAgent.Agent.Streaming;

/// <summary>
/// Sends frames as they are produced, on one call. Whoever has something to send (the tick thread, an acknowledgement that made room)
/// sends it there and then unless somebody else is at it; no thread waits for work.
/// </summary>
internal sealed class LiveLane(
    LaneCall call, FrameWindow window, DiskSpool spool, EndedEpoch[] told, StreamingOptions options, TimeProvider time,
    StreamFigures figures, FrameTrace? trace)
{
    private readonly Lock _gate = new();
    private readonly Queue<(ulong Sequence, long SentAt)> _inFlight = new();
    private readonly int _number = window.BeginCall();
    private readonly BatchWriter _writer = new(window.Epoch, options.FullInterval);
    private readonly TaskCompletionSource _idle = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly List<(ulong First, ulong Last)> _runs = [];
    private EndedEpoch[] _told = told;
    private bool _isPumping;
    private bool _isCompleting;
    private Exception? _defect;

    /// <summary>Whether a write is under way: the backfill lane steps back meanwhile.</summary>
    public bool IsBusy => Volatile.Read(ref _isPumping);

    /// <summary>Sends what there is, as far as the aggregator's window allows. Neither blocks nor throws.</summary>
    public void Pump()
    {
        lock (_gate)
        {
            if (_isPumping || _isCompleting)
            {
                return;
            }

            _isPumping = true;
        }

        _ = PumpAsync();
    }

    /// <summary>Whether the oldest frame in flight waits for its acknowledgement for longer than it may.</summary>
    public bool IsSilent(long now)
    {
        lock (_gate)
        {
            return _inFlight.TryPeek(out var oldest) && time.GetElapsedTime(oldest.SentAt, now) > options.AckTimeout;
        }
    }

    /// <summary>Ends the call at once.</summary>
    public void Abort() => call.Abort();

    /// <summary>Takes acknowledgements until the aggregator ends the call.</summary>
    /// <exception cref="Grpc.Core.RpcException">The call failed.</exception>
    /// <exception cref="InvalidDataException">A frame could not be written: a defect of the agent.</exception>
    public async Task ReadAcksAsync()
    {
        try
        {
            while (await call.ReadAckAsync().ConfigureAwait(false) is { } ack)
            {
                Acknowledge(ack);
                Pump();
            }
        }
        catch (Grpc.Core.RpcException) when (_defect is not null)
        {
            throw new InvalidDataException("a frame cannot be written", _defect);
        }
    }

    /// <summary>The process ends: sends nothing more, so that the aggregator acknowledges what it has without delay.</summary>
    public async Task CompleteAsync()
    {
        lock (_gate)
        {
            _isCompleting = true;
            if (!_isPumping)
            {
                _idle.TrySetResult();
            }
        }

        await _idle.Task.ConfigureAwait(false);
        await call.CompleteAsync().ConfigureAwait(false);
    }

    private async Task PumpAsync()
    {
        try
        {
            while (TryNext(out var batches))
            {
                for (var i = 0; i < batches.Count; i++)
                {
                    await call.WriteAsync(batches[i]).ConfigureAwait(false);
                }
            }
        }
        catch (Exception error)
        {
            // The reader of the acknowledgements learns why. The lane stays busy, so nobody writes to it any more.
            if (error is not (Grpc.Core.RpcException or InvalidOperationException or OperationCanceledException or IOException))
            {
                _defect = error;
            }

            call.Abort();
            _idle.TrySetResult();
        }
    }

    private bool TryNext(out IReadOnlyList<Batch> batches)
    {
        lock (_gate)
        {
            if (_inFlight.Count < call.WindowFrames && window.TrySendNext(_number, _writer, out var next, out var sequence))
            {
                _inFlight.Enqueue((sequence, time.GetTimestamp()));
                batches = next;
                return true;
            }

            _isPumping = false;
            if (_isCompleting)
            {
                _idle.TrySetResult();
            }

            batches = [];
            return false;
        }
    }

    private void Acknowledge(Ack ack)
    {
        lock (_gate)
        {
            if (ack.Epoch != window.Epoch || !Contains(ack.Sequence))
            {
                return;
            }

            ulong first = 0, last = 0;
            do
            {
                var sequence = _inFlight.Dequeue().Sequence;
                if (first != 0 && sequence != last + 1)
                {
                    Release(first, last);
                    first = 0;
                }

                first = first == 0 ? sequence : first;
                last = sequence;
            }
            while (last != ack.Sequence);
            Release(first, last);
        }

        // Outside of the lock, which the tick thread takes: the spool may be busy writing to a slow disk.
        foreach (var (first, last) in _runs)
        {
            spool.AcknowledgeRun(first, last);
        }

        _runs.Clear();
        if (_told.Length > 0 && !spool.HasBacklog)
        {
            spool.ForgetEnded(_told);
            _told = [];
        }
    }

    private bool Contains(ulong sequence)
    {
        foreach (var sent in _inFlight)
        {
            if (sent.Sequence == sequence)
            {
                return true;
            }
        }

        return false;
    }

    private void Release(ulong first, ulong last)
    {
        trace?.Ack(window.Epoch, first, last, "live");
        window.Acknowledge(first, last);
        _runs.Add((first, last));
        figures.CountAcknowledged((long)(last - first + 1));
    }
}
