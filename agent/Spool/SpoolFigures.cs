namespace HostAgent.Agent.Spool;

/// <summary>The spool's figures for the agent's own metrics: written under the spool's lock, read by the tick thread without it.</summary>
internal sealed class SpoolFigures
{
    private long _bytes;
    private int _segments;
    private int _pendingLosses;
    private long _damagedSegments;
    private long _droppedFrames;
    private long _lostSamples;
    private long _failures;
    private bool _isFailing;

    /// <summary>Bytes of all segments on disk.</summary>
    public long Bytes { get => Volatile.Read(ref _bytes); set => Volatile.Write(ref _bytes, value); }

    public int Segments { get => Volatile.Read(ref _segments); set => Volatile.Write(ref _segments, value); }

    /// <summary>Losses that the aggregator has not acknowledged.</summary>
    public int PendingLosses { get => Volatile.Read(ref _pendingLosses); set => Volatile.Write(ref _pendingLosses, value); }

    /// <summary>Segments put aside since the start.</summary>
    public long DamagedSegments { get => Volatile.Read(ref _damagedSegments); set => Volatile.Write(ref _damagedSegments, value); }

    /// <summary>Frames dropped since the start because the spool was full.</summary>
    public long DroppedFrames { get => Volatile.Read(ref _droppedFrames); set => Volatile.Write(ref _droppedFrames, value); }

    /// <summary>Samples known to be lost, whatever the reason, since the start.</summary>
    public long LostSamples { get => Volatile.Read(ref _lostSamples); set => Volatile.Write(ref _lostSamples, value); }

    /// <summary>Writes, syncs and deletions that the disk refused since the start.</summary>
    public long Failures { get => Volatile.Read(ref _failures); set => Volatile.Write(ref _failures, value); }

    /// <summary>Whether the last one was refused.</summary>
    public bool IsFailing { get => Volatile.Read(ref _isFailing); set => Volatile.Write(ref _isFailing, value); }
}
