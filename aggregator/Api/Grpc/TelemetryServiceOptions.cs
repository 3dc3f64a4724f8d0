namespace HostAgent.Aggregator.Api.Grpc;

/// <summary>What the telemetry service says of its program, and how long it may hold back acks.</summary>
internal sealed record TelemetryServiceOptions
{
    /// <summary>Version of the aggregator, for Welcome.</summary>
    public required string Version { get; init; }

    /// <summary>Longest time that acks are held back, whatever the agent allows. Default 5 s.</summary>
    public TimeSpan MaxAckDelay { get; init; } = TimeSpan.FromSeconds(5);
}
