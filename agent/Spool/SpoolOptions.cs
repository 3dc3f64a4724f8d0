namespace HostAgent.Agent.Spool;

/// <summary>What is kept while the aggregator has not acknowledged it.</summary>
public sealed record SpoolOptions
{
    /// <summary>Shortest <see cref="SpillAfter"/> allowed.</summary>
    public static readonly TimeSpan MinSpillAfter = TimeSpan.FromMilliseconds(100);

    /// <summary>Longest <see cref="SpillAfter"/> allowed.</summary>
    public static readonly TimeSpan MaxSpillAfter = TimeSpan.FromHours(1);

    /// <summary>Most bytes of unacknowledged frames held in memory, from 64 KiB to 1 GiB; default 4 MiB. Above it the oldest frames
    /// go to disk at once.</summary>
    public long MaxMemoryBytes { get; init; } = 4 << 20;

    /// <summary>Most bytes of segments on disk, from 128 KiB (two small segments) to 1 TiB; default 256 MiB. Above it the oldest segment is dropped and
    /// reported as lost. 0: nothing is ever written to disk.</summary>
    public long MaxDiskBytes { get; init; } = 256L << 20;

    /// <summary>A segment is closed when it has grown to this many bytes, from 64 KiB to 64 MiB; default 1 MiB. It is what is dropped,
    /// quarantined or sent again in one piece.</summary>
    public long MaxSegmentBytes { get; init; } = 1 << 20;

    /// <summary>How long a frame may wait for its acknowledgement before it goes to disk; default 5 s. A healthy aggregator
    /// acknowledges sooner, so a healthy agent writes nothing.</summary>
    public TimeSpan SpillAfter { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Longest time that a written segment stays without fsync, from 0 (after every write) to 1 h; default 5 s. It bounds
    /// what a power cut can take; a killed agent loses nothing that was written.</summary>
    public TimeSpan SyncInterval { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Damaged segments kept for inspection, from 0 to 1,000; default 4.</summary>
    public int MaxDamagedSegments { get; init; } = 4;
}
