namespace HostAgent.Cli.Api;

/// <summary>A host that is shut out, as the aggregator says it.</summary>
internal sealed record HostRevocation(string HostId, string Reason, string RevokedBy, DateTimeOffset Revoked);
