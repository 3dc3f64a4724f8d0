namespace HostAgent.Cli.Api;

/// <summary>Answer of GET /v1/audit.</summary>
internal sealed record AuditPage(IReadOnlyList<AuditItem> Records, bool More, string Head);
