namespace HostAgent.Protos.Audit;

/// <summary>A place where the audit is not what was appended.</summary>
/// <param name="Sequence">The record, or where it should be.</param>
/// <param name="What">What is wrong there, for people.</param>
public sealed record AuditFinding(ulong Sequence, string What);
