namespace HostAgent.Agent.Streaming;

/// <summary>This host has no certificate that the aggregator accepts, and cannot get one by itself. The message says what somebody has to do.</summary>
internal sealed class NotEnrolledException(string message) : Exception(message);
