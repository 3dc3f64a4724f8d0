namespace HostAgent.Aggregator.Query;

/// <summary>One value at one instant (unix milliseconds).</summary>
internal readonly record struct Point(long UnixMs, double Value);
