namespace HostAgent.LoadTool;

/// <summary>One step, measured.</summary>
internal sealed record LoadReport(
    int Agents,
    int Series,
    double IntervalMs,
    double Seconds,
    double OfferedSamplesPerSecond,
    double SentSamplesPerSecond,
    double AcknowledgedSamplesPerSecond,
    double FrameBytesPerSample,
    double AckP50Ms,
    double AckP99Ms,
    double AckMaxMs,
    long FramesInFlight,
    long FailedStreams,
    string? LastFailure,
    double ToolCpuCores,
    double? AggregatorCpuCores,
    double? AggregatorRssMb,
    bool KeptUp);
