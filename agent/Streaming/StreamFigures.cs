namespace HostAgent.Agent.Streaming;

/// <summary>The stream's figures for the agent's own metrics: written where things happen, read by the tick thread.</summary>
internal sealed class StreamFigures
{
    private long _frames;
    private long _samples;
    private long _acknowledged;
    private long _backfilled;
    private long _reconnects;
    private long _sentBytes;
    private long _receivedBytes;
    private int _connected;

    /// <summary>Frames produced since the start.</summary>
    public long Frames => Volatile.Read(ref _frames);

    /// <summary>Samples in them.</summary>
    public long Samples => Volatile.Read(ref _samples);

    /// <summary>Frames that the aggregator has acknowledged, on either lane.</summary>
    public long AcknowledgedFrames => Volatile.Read(ref _acknowledged);

    /// <summary>Frames sent from the spool.</summary>
    public long BackfilledFrames => Volatile.Read(ref _backfilled);

    /// <summary>Connections made after the first.</summary>
    public long Reconnects => Volatile.Read(ref _reconnects);

    /// <summary>Bytes written to the connection, TLS included.</summary>
    public long SentBytes => Volatile.Read(ref _sentBytes);

    /// <summary>Bytes read from the connection, TLS included.</summary>
    public long ReceivedBytes => Volatile.Read(ref _receivedBytes);

    /// <summary>Whether the aggregator has welcomed the live lane.</summary>
    public bool IsConnected { get => Volatile.Read(ref _connected) != 0; set => Volatile.Write(ref _connected, value ? 1 : 0); }

    public void CountFrame(int samples)
    {
        Volatile.Write(ref _frames, _frames + 1);
        Volatile.Write(ref _samples, _samples + samples);
    }

    public void CountAcknowledged(long frames) => Interlocked.Add(ref _acknowledged, frames);

    public void CountBackfilled() => Interlocked.Increment(ref _backfilled);

    public void CountReconnect() => Interlocked.Increment(ref _reconnects);

    public void CountSent(int bytes) => Interlocked.Add(ref _sentBytes, bytes);

    public void CountReceived(int bytes) => Interlocked.Add(ref _receivedBytes, bytes);
}
