namespace HostAgent.Aggregator.Storage;

/// <summary>A series definition at rest. The times span its chunks, not its head; a series without chunks has first above last.</summary>
public sealed record SeriesRecord(SeriesId Id, string HostId, string Metric, LabelSet Labels, long FirstUnixMs, long LastUnixMs)
{
    /// <summary><see cref="FirstUnixMs"/> of a series without chunks.</summary>
    public const long NoFirst = long.MaxValue;

    /// <summary><see cref="LastUnixMs"/> of a series without chunks.</summary>
    public const long NoLast = long.MinValue;
}
