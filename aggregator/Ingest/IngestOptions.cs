namespace HostAgent.Aggregator.Ingest;

/// <summary>How ingest batches, and what it accepts from one stream or one host.</summary>
public sealed record IngestOptions
{
    /// <summary>Commits begin at least this far apart; what arrives in between shares the next one. Default 20 ms.</summary>
    public TimeSpan CommitInterval { get; init; } = TimeSpan.FromMilliseconds(20);

    /// <summary>First wait after a failed commit; doubles up to <see cref="MaxRetryDelay"/>. Default 100 ms.</summary>
    public TimeSpan MinRetryDelay { get; init; } = TimeSpan.FromMilliseconds(100);

    /// <summary>Longest wait after a failed commit. Default 5 s.</summary>
    public TimeSpan MaxRetryDelay { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Journal bytes that may wait for a commit before lanes are made to wait. Default 16 MiB.</summary>
    public int MaxPendingBytes { get; init; } = 16 << 20;

    /// <summary>Ticks after which a section of the head becomes chunks. Default 240. The first section of a lane is shorter by chance, so that
    /// hosts that connected together do not seal together.</summary>
    public int SectionTicks { get; init; } = 240;

    /// <summary>Age at which a section becomes chunks, however few ticks it has. Default 10 min.</summary>
    public TimeSpan SectionAge { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>A frame of the live lane that arrives longer than this after its time is counted as late. Default 10 s.
    /// "After" is measured on the host's own clock: the aggregator's, corrected by the skew that the lane's Hello showed. Frames of the backfill
    /// lane are late whatever their age.</summary>
    public TimeSpan LateAfter { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Frames further in the future than this, by the aggregator's clock, are refused. Default 1 h.</summary>
    public TimeSpan MaxFuture { get; init; } = TimeSpan.FromHours(1);

    /// <summary>Frames further in the past than this are refused. Default 15 days, the raw retention.</summary>
    public TimeSpan MaxPast { get; init; } = TimeSpan.FromDays(15);

    /// <summary>Unacknowledged frames that an agent may have in flight on one call. Default 512. A call that has four times as many is ended.</summary>
    public int WindowFrames { get; init; } = 512;

    /// <summary>Longest message. Default 4 MiB.</summary>
    public int MaxMessageBytes { get; init; } = 4 << 20;

    /// <summary>Most entries in one batch. Default 10,000.</summary>
    public int MaxEntriesPerBatch { get; init; } = 10_000;

    /// <summary>Most frames that the live lane of a host may send per second, on average over 10 s. Default 100.</summary>
    public int MaxLiveFramesPerSecond { get; init; } = 100;

    /// <summary>Most series that a host may send at a time, all lanes together. Default 50,000.</summary>
    public int MaxSeriesPerHost { get; init; } = 50_000;

    /// <summary>Most series that one host may bring into being within an hour. Default 100,000.</summary>
    public int MaxNewSeriesPerHostHour { get; init; } = 100_000;

    /// <summary>Most series ids, ended ones included, that a stream may use between two resets. Default 200,000.</summary>
    public int MaxSeriesIdsPerStream { get; init; } = 200_000;

    /// <summary>Most metrics that a stream may announce between two resets. Default 5,000.</summary>
    public int MaxMetricsPerStream { get; init; } = 5_000;

    /// <summary>Most labels of a series, host labels included. Default 32.</summary>
    public int MaxLabels { get; init; } = 32;

    /// <summary>Longest metric or label name, in characters. Default 200.</summary>
    public int MaxNameLength { get; init; } = 200;

    /// <summary>Longest label value, host name, version or help text, in characters. Default 1,024.</summary>
    public int MaxTextLength { get; init; } = 1_024;

    /// <summary>Samples older than this are deleted once an hour. Default 15 days; null keeps them for ever.</summary>
    public TimeSpan? Retention { get; init; } = TimeSpan.FromDays(15);
}
