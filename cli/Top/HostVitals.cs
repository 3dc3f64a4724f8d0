namespace HostAgent.Cli.Top;

/// <summary>The signs of life of one host. Null is "not known": there is no recent sample, or only one of a counter.</summary>
internal sealed record HostVitals
{
    /// <summary>32 hex digits.</summary>
    public required string Id { get; init; }

    /// <summary>Name for people.</summary>
    public required string Name { get; init; }

    /// <summary>up, stale or down.</summary>
    public required string Liveness { get; init; }

    /// <summary>Series it is sending.</summary>
    public required int SeriesCount { get; init; }

    /// <summary>Age of the newest sample in seconds; null when there has never been one.</summary>
    public double? SampleAgeSeconds { get; init; }

    /// <summary>Share of all cores that was busy over the last seconds, 0 to 1.</summary>
    public double? CpuRatio { get; init; }

    /// <summary>Cores online.</summary>
    public double? CpuCores { get; init; }

    /// <summary>Memory that is not available, in bytes.</summary>
    public double? MemoryUsedBytes { get; init; }

    /// <summary>Physical memory in bytes.</summary>
    public double? MemoryTotalBytes { get; init; }

    /// <summary>The file system with the least room, by share.</summary>
    public string? FullestMountpoint { get; init; }

    /// <summary>How full that one is, 0 to 1, as df counts.</summary>
    public double? FullestRatio { get; init; }

    /// <summary>Its size in bytes.</summary>
    public double? FullestSizeBytes { get; init; }

    /// <summary>Bytes per second read from disks, mapped and stacked devices not counted twice.</summary>
    public double? DiskReadBytesPerSecond { get; init; }

    /// <summary>Bytes per second written to disks.</summary>
    public double? DiskWrittenBytesPerSecond { get; init; }

    /// <summary>Load averages over 1, 5 and 15 minutes.</summary>
    public double? Load1 { get; init; }

    /// <inheritdoc cref="Load1"/>
    public double? Load5 { get; init; }

    /// <inheritdoc cref="Load1"/>
    public double? Load15 { get; init; }

    /// <summary>Bytes per second received, loopback and bridges not counted.</summary>
    public double? NetworkReceiveBytesPerSecond { get; init; }

    /// <summary>Bytes per second sent.</summary>
    public double? NetworkTransmitBytesPerSecond { get; init; }

    /// <summary>Share of memory in use, 0 to 1.</summary>
    public double? MemoryRatio => MemoryUsedBytes is { } used && MemoryTotalBytes is > 0 and var total ? used / total : null;
}
