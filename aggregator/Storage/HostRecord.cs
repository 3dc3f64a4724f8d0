namespace HostAgent.Aggregator.Storage;

/// <summary>A host at rest; fields as in <c>HostView</c>.</summary>
public sealed record HostRecord(
    string HostId, string Name, LabelSet Labels, string AgentVersion, string BootId, ulong Epoch, long FirstSeenUnixMs, long LastSeenUnixMs);
