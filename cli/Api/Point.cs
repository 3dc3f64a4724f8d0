namespace HostAgent.Cli.Api;

/// <summary>A value at an instant (unix seconds).</summary>
internal readonly record struct Point(double Seconds, double Value);
