namespace HostAgent.Aggregator.Ingest;

/// <summary>Log messages of ingest.</summary>
internal static partial class IngestLog
{
    [LoggerMessage(Level = LogLevel.Information, Message = "Host {Name} ({Id}) opened its {Lane} lane: agent {Version}, epoch {Epoch}, clock skew {SkewMs} ms")]
    public static partial void LaneOpened(ILogger logger, string name, string id, string lane, string version, ulong epoch, long skewMs);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Host {Name} ({Id}): refused ({Reason}): {Message}")]
    public static partial void Refused(ILogger logger, string name, string id, string reason, string message);

    [LoggerMessage(Level = LogLevel.Warning, Message = "A call was refused at its Hello ({Reason}): {Message}")]
    public static partial void RefusedCall(ILogger logger, string reason, string message);

    [LoggerMessage(Level = LogLevel.Error, Message = "A commit failed; nothing is acknowledged until it succeeds, agents keep what they have: {Message}")]
    public static partial void CommitFailed(ILogger logger, string message, Exception exception);

    [LoggerMessage(Level = LogLevel.Error, Message = "Sections could not be sealed; their samples stay in the journal. This is a defect of the program")]
    public static partial void TickFailed(ILogger logger, Exception exception);

    [LoggerMessage(Level = LogLevel.Information, Message = "Commits succeed again after {Seconds:0.0} s")]
    public static partial void CommitsRecovered(ILogger logger, double seconds);

    [LoggerMessage(Level = LogLevel.Information, Message = "Opened {Store}: {Series} series; replayed {Rows} journal rows ({Samples} samples) in {Seconds:0.00} s")]
    public static partial void Replayed(ILogger logger, string store, int series, int rows, long samples, double seconds);

    [LoggerMessage(Level = LogLevel.Error, Message = "Duplicate identity: {What}")]
    public static partial void Duplicate(ILogger logger, string what);

    [LoggerMessage(Level = LogLevel.Information, Message = "Duplicate identity: host {HostId} is one machine again")]
    public static partial void DuplicateOver(ILogger logger, string hostId);

    [LoggerMessage(Level = LogLevel.Error, Message = "Journal row {Row} is damaged ({Message}): the samples in it are lost")]
    public static partial void DamagedRow(ILogger logger, long row, string message);

    [LoggerMessage(Level = LogLevel.Information, Message = "Retention deleted {Chunks} chunks with samples before {Before:u}")]
    public static partial void Retained(ILogger logger, long chunks, DateTimeOffset before);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Retention could not delete old samples and will try again in an hour")]
    public static partial void RetentionFailed(ILogger logger, Exception exception);
}
