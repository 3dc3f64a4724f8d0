namespace HostAgent.Aggregator.Query;

/// <summary>What a range query asks for. Times are unix milliseconds, both ends included.</summary>
/// <param name="Selector">Which series.</param>
/// <param name="FromUnixMs">Oldest instant.</param>
/// <param name="ToUnixMs">Newest instant, not before <paramref name="FromUnixMs"/>.</param>
/// <param name="StepMs">Distance of points, 1 or more; null for the samples as they were stored.</param>
/// <param name="Aggregation">How samples become points; without meaning when there is no step.</param>
internal sealed record RangeRequest(Selector Selector, long FromUnixMs, long ToUnixMs, long? StepMs, Aggregation Aggregation)
{
    /// <summary>Time of the first point: the first multiple of the step that is not before <see cref="FromUnixMs"/>. Multiples, so that the
    /// same instant has the same point in every query.</summary>
    public long FirstPointUnixMs => StepMs is { } step ? CeilingToMultiple(FromUnixMs, step) : FromUnixMs;

    /// <summary>Time of the last point: the last multiple of the step that is over.</summary>
    public long LastPointUnixMs => StepMs is { } step ? ToUnixMs / step * step : ToUnixMs;

    /// <summary>Points that one series can have at most; null when only the store knows.</summary>
    public long? MaxPointsPerSeries => StepMs is { } step ? Math.Max(0, ((LastPointUnixMs - FirstPointUnixMs) / step) + 1) : null;

    private static long CeilingToMultiple(long value, long step) => (value + step - 1) / step * step;
}
