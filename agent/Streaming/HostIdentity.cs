namespace HostAgent.Agent.Streaming;

/// <summary>Who this agent says it is.</summary>
/// <param name="HostId">Stable identity, 32 lower-case hex digits.</param>
/// <param name="HostName">For people; becomes the label host.</param>
/// <param name="BootId">The kernel's boot id; empty where it cannot be read.</param>
/// <param name="AgentVersion">Version of this program.</param>
/// <param name="Labels">Of the host, added to every series.</param>
internal sealed record HostIdentity(
    string HostId, string HostName, string BootId, string AgentVersion, IReadOnlyList<KeyValuePair<string, string>> Labels);
