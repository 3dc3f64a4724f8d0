namespace HostAgent.Aggregator.Query.PromQL.Evaluation;

/// <summary>What a range function sees at one step: the samples later than <see cref="StartUnixMs"/> and not later than <see cref="EndUnixMs"/>.
/// Never empty.</summary>
internal readonly ref struct SampleWindow(SlidingWindow window, long startUnixMs, long endUnixMs, long evaluationUnixMs)
{
    /// <summary>Unix milliseconds, ascending.</summary>
    public ReadOnlySpan<long> Times { get; } = window.Times;

    /// <summary>One value per time.</summary>
    public ReadOnlySpan<double> Values { get; } = window.Values;

    /// <summary>How many times a value is lower than the one before it: resets, if the series is a counter.</summary>
    public int Falls { get; } = window.Falls;

    /// <summary>Excluded lower end.</summary>
    public long StartUnixMs { get; } = startUnixMs;

    /// <summary>Included upper end.</summary>
    public long EndUnixMs { get; } = endUnixMs;

    /// <summary>The step itself; differs from the end under offset and @.</summary>
    public long EvaluationUnixMs { get; } = evaluationUnixMs;

    /// <summary>Length in seconds.</summary>
    public double RangeSeconds => (EndUnixMs - StartUnixMs) / 1000.0;

    /// <summary>Samples in it.</summary>
    public int Count => Times.Length;

    /// <summary>A copy of the values that may be overwritten, until the next call.</summary>
    public Span<double> CopyValues() => window.CopyValues();
}
