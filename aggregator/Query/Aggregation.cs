namespace HostAgent.Aggregator.Query;

/// <summary>How the samples of one step become one point. Stale markers are no samples. A step without samples has no point.</summary>
internal enum Aggregation
{
    /// <summary>Arithmetic mean; a NaN sample makes it NaN.</summary>
    Avg,

    /// <summary>Least; NaN only when all are.</summary>
    Min,

    /// <summary>Greatest; NaN only when all are.</summary>
    Max,

    /// <summary>Sum; a NaN sample makes it NaN.</summary>
    Sum,

    /// <summary>How many samples.</summary>
    Count,

    /// <summary>The newest.</summary>
    Last,

    /// <summary>Increase of a counter per second over the time that the samples cover, the newest sample before the step included. A value
    /// below its predecessor is a counter reset: the counter began again at 0.</summary>
    Rate,
}
