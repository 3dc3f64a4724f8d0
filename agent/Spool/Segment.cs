namespace HostAgent.Agent.Spool;

/// <summary>A segment on disk as the spool remembers it.</summary>
internal sealed class Segment(string path, ulong epoch, ulong first)
{
    public string Path { get; } = path;

    public ulong Epoch { get; } = epoch;

    public ulong First { get; } = first;

    /// <summary>Last sequence; 0 while it has no frame.</summary>
    public ulong Last { get; set; }

    public long FirstUnixMs { get; set; }

    public long LastUnixMs { get; set; }

    public ulong Samples { get; set; }

    /// <summary>Length of the file.</summary>
    public long Bytes { get; set; }

    /// <summary>Highest sequence that the aggregator has acknowledged; 0: none. Known to this run only.</summary>
    public ulong AcknowledgedThrough { get; set; }

    public bool IsAcknowledged => Last != 0 && AcknowledgedThrough >= Last;

    public SegmentHeader Header => new(Epoch, First, Last, FirstUnixMs, LastUnixMs, Samples);

    public void Add(SegmentRecord record)
    {
        if (record.Sequence == 0)
        {
            return;
        }

        FirstUnixMs = Last == 0 ? record.TimeUnixMs : FirstUnixMs;
        LastUnixMs = record.TimeUnixMs;
        Samples += (ulong)record.Samples;
        Last = record.Sequence;
    }
}
