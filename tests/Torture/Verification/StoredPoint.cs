namespace HostAgent.Torture.Verification;

/// <summary>A sample of one series as the aggregator's raw range answer holds it.</summary>
internal readonly record struct StoredPoint(long TimeUnixMs, double Value);
