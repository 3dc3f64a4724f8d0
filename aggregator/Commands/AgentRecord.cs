namespace HostAgent.Aggregator.Commands;

/// <summary>What a host's agent last said it can do, as it is stored.</summary>
/// <param name="Name">The host's name.</param>
/// <param name="Kinds">CommandHello with nothing but its kinds, in the encoding of the wire.</param>
public sealed record AgentRecord(string Name, byte[] Kinds);
