namespace HostAgent.Cli.Api;

/// <summary>Answer of GET /v1/audit/anchor.</summary>
internal sealed record AuditAnchorAnswer(string Anchor, DateTimeOffset Time);
