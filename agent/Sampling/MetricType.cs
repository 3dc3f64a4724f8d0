namespace HostAgent.Agent.Sampling;

/// <summary>How a metric's values behave over time; the numbers are those of <c>hostagent.v1.MetricType</c> on the wire.</summary>
public enum MetricType
{
    /// <summary>Goes up and down.</summary>
    Gauge = 1,

    /// <summary>Only grows, and starts again when what it counts starts again (a counter reset).</summary>
    Counter = 2,

    /// <summary>A <c>_bucket</c>, <c>_sum</c> or <c>_count</c> series of a classic histogram.</summary>
    Histogram = 3,

    /// <summary>Always 1: the labels say it.</summary>
    Info = 4,
}
