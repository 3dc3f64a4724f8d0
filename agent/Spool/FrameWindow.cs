using System.Diagnostics.CodeAnalysis;
using HostAgent.Agent.Sampling;
using HostAgent.V1;

namespace HostAgent.Agent.Spool;

/// <summary>
/// The newest frames, in memory, from the oldest one that is neither acknowledged nor on disk. The live lane reads it from front to back
/// and starts at the front again after every reconnect; the spiller takes from the front. Bounded in bytes. Thread-safe: the lock
/// is held for microseconds and never across a write to disk or network (the diagnostic trace aside), because the tick thread takes it.
/// </summary>
internal sealed class FrameWindow(ulong epoch, long maxBytes, FrameTrace? trace = null)
{
    private readonly Lock _gate = new();
    private readonly Queue<KeptFrame> _unused = new();
    private readonly LinkedList<LossRange> _losses = new();
    private KeptFrame[] _ring = new KeptFrame[64];
    private int _head;
    private int _count;
    private int _next;  // before it, every frame was sent on the current call
    private int _call;
    private long _bytes;
    private long _taken;
    private ulong _lastSequence;
    private long _dropped;
    private SeriesLedger? _ledger;

    public ulong Epoch => epoch;

    /// <summary>The sequence of the newest frame; 0 before the first.</summary>
    public ulong LastSequence => Volatile.Read(ref _lastSequence);

    /// <summary>Frames that are neither acknowledged nor on disk, those in the spiller's hands aside.</summary>
    public int Count => Volatile.Read(ref _count);

    public long Bytes => Volatile.Read(ref _bytes);

    /// <summary>Frames dropped because neither disk nor memory had room.</summary>
    public long DroppedFrames => Volatile.Read(ref _dropped);

    /// <summary>Takes the samples of one tick, and makes room by dropping the oldest frames when there is none. Returns the sequence.</summary>
    public ulong Add(long timeUnixMs, long timestamp, ReadOnlySpan<int> groups, SeriesTable table, out int samples)
    {
        lock (_gate)
        {
            if (_ledger?.Generation != table.Generation)
            {
                _ledger = new SeriesLedger(table.Generation);
            }

            _ledger.Follow(table);
            if (_count == _ring.Length)
            {
                Grow();
            }

            var frame = _unused.TryDequeue(out var reused) ? reused : new KeptFrame();
            frame.Fill(_lastSequence + 1, timeUnixMs, timestamp, _ledger, groups, table.Raw);
            _ring[(_head + _count) & (_ring.Length - 1)] = frame;
            _count++;
            _bytes += frame.Bytes;
            samples = frame.Samples;
            _lastSequence++;
            trace?.Frame(epoch, _lastSequence, timeUnixMs, samples);
            while (_bytes > maxBytes && _count > 1)
            {
                DropFirst();
            }

            return _lastSequence;
        }
    }

    /// <summary>Whether there is something for the spiller: a frame taken before <paramref name="timestamp"/>, more than half of the room in
    /// use, or losses to be written down.</summary>
    public bool IsOverdue(long timestamp)
    {
        lock (_gate)
        {
            return _losses.Count > 0 || (_count > 0 && (_ring[_head].Timestamp < timestamp || _bytes + _taken > maxBytes / 2));
        }
    }

    /// <summary>The next frame that the current call has not sent, written by <paramref name="writer"/>; false when there is none.</summary>
    /// <param name="call">From <see cref="BeginCall"/>; a call that is over gets nothing any more.</param>
    /// <param name="writer">Of this call.</param>
    /// <param name="batches">Valid until the next call of this.</param>
    /// <param name="sequence">Of the frame.</param>
    public bool TrySendNext(int call, BatchWriter writer, [NotNullWhen(true)] out IReadOnlyList<Batch>? batches, out ulong sequence)
    {
        lock (_gate)
        {
            for (; call == _call && _next < _count; _next++)
            {
                var frame = At(_next);
                if (frame.SentOnCall != _call)
                {
                    frame.SentOnCall = _call;
                    _next++;
                    batches = writer.Write(frame);
                    sequence = frame.Sequence;
                    return true;
                }
            }

            (batches, sequence) = (null, 0);
            return false;
        }
    }

    /// <summary>A new call begins: everything that is still here is to be sent on it. Returns its number.</summary>
    public int BeginCall()
    {
        lock (_gate)
        {
            _next = 0;
            return ++_call;
        }
    }

    /// <summary>Forgets a run of frames that the current call has sent: they are durable at the aggregator.</summary>
    public void Acknowledge(ulong first, ulong last)
    {
        lock (_gate)
        {
            // Sequences ascend from the front, so the run is found without looking at what follows it.
            for (var i = 0; i < _count && At(i).Sequence <= last; i++)
            {
                At(i).Acknowledged |= At(i).Sequence >= first;
            }

            while (_count > 0 && _ring[_head].Acknowledged)
            {
                Recycle(RemoveFirst());
            }
        }
    }

    /// <summary>Hands frames from the front to the spiller: those taken before <paramref name="timestamp"/> and, beyond them, as many as
    /// it takes to have half of the room free. They come back by <see cref="PutBack"/> or leave by <see cref="Forget"/>.</summary>
    public void Take(long timestamp, int most, List<KeptFrame> frames)
    {
        lock (_gate)
        {
            while (_count > 0 && frames.Count < most && (_ring[_head].Timestamp < timestamp || _bytes > maxBytes / 2))
            {
                var frame = RemoveFirst();
                _taken += frame.Bytes;
                frames.Add(frame);
            }
        }
    }

    /// <summary>The disk refused: the frames from <paramref name="from"/> on stand at the front again while there is room.</summary>
    public void PutBack(List<KeptFrame> frames, int from)
    {
        lock (_gate)
        {
            for (var i = frames.Count - 1; i >= from; i--)
            {
                if (_count == _ring.Length)
                {
                    Grow();
                }

                _head = (_head - 1) & (_ring.Length - 1);
                _ring[_head] = frames[i];
                _count++;
                _bytes += frames[i].Bytes;
                _taken -= frames[i].Bytes;
            }

            _next = 0;
            while (_bytes > maxBytes && _count > 1)
            {
                DropFirst();
            }
        }
    }

    /// <summary>The first <paramref name="until"/> frames are on disk.</summary>
    public void Forget(List<KeptFrame> frames, int until)
    {
        lock (_gate)
        {
            for (var i = 0; i < until; i++)
            {
                _taken -= frames[i].Bytes;
                Recycle(frames[i]);
            }
        }
    }

    /// <summary>Counts everything that is still here as lost: the process ends and the disk refuses.</summary>
    public void DropAll()
    {
        lock (_gate)
        {
            while (_count > 0)
            {
                DropFirst();
            }
        }
    }

    /// <summary>The oldest loss that has not been taken.</summary>
    public bool TryTakeLoss([NotNullWhen(true)] out LossRange? loss)
    {
        lock (_gate)
        {
            loss = _losses.First?.Value;
            if (loss is not null)
            {
                _losses.RemoveFirst();
            }

            return loss is not null;
        }
    }

    private KeptFrame At(int index) => _ring[(_head + index) & (_ring.Length - 1)];

    private KeptFrame RemoveFirst()
    {
        var frame = _ring[_head];
        _ring[_head] = null!;
        _head = (_head + 1) & (_ring.Length - 1);
        _count--;
        _next = Math.Max(0, _next - 1);
        _bytes -= frame.Bytes;
        return frame;
    }

    private void DropFirst()
    {
        var frame = RemoveFirst();
        var loss = new LossRange(epoch, frame.Sequence, frame.Sequence, frame.TimeUnixMs, frame.TimeUnixMs, (ulong)frame.Samples,
            LossReason.SpoolFailed);
        if (_losses.Last?.Value.Join(loss) is { } joined)
        {
            _losses.Last.Value = joined;
        }
        else
        {
            _losses.AddLast(loss);
        }

        _dropped++;
        Recycle(frame);
    }

    private void Recycle(KeptFrame frame)
    {
        if (_unused.Count < 64)
        {
            _unused.Enqueue(frame);
        }
    }

    private void Grow()
    {
        var larger = new KeptFrame[2 * _ring.Length];
        for (var i = 0; i < _count; i++)
        {
            larger[i] = At(i);
        }

        (_ring, _head) = (larger, 0);
    }
}
