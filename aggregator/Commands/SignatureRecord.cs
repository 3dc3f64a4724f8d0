namespace HostAgent.Aggregator.Commands;

/// <summary>An operator's signature over an order, see protos/Commands/FORMAT.md.</summary>
/// <param name="Operator">Name, as the agents' operators directories have it.</param>
/// <param name="Signature">r and s, 64 bytes.</param>
public sealed record SignatureRecord(string Operator, byte[] Signature);
