namespace HostAgent.Aggregator.Query.PromQL.Evaluation;

/// <summary>A range vector expression being evaluated: the samples of series after series.</summary>
internal abstract class RangeSource
{
    /// <summary>Labels of the series, in the order in which they come.</summary>
    public abstract IReadOnlyList<Labels> Series { get; }

    /// <summary>Length of the window.</summary>
    public abstract long RangeMs { get; }

    /// <summary>Where the window of each step ends.</summary>
    public abstract ShiftedTime End { get; }

    /// <summary>Moves to the next series. The feed of the one before ends.</summary>
    /// <param name="fromStep">First step whose window can hold samples.</param>
    public abstract SampleFeed Next(out int fromStep);
}
