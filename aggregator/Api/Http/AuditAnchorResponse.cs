namespace HostAgent.Aggregator.Api.Http;

/// <summary>Answer of GET /v1/audit/anchor.</summary>
/// <param name="Anchor">SEQUENCE:HASH of the newest record: kept elsewhere, it proves later that nothing up to there was changed.</param>
/// <param name="Time">When it was said, RFC 3339.</param>
internal sealed record AuditAnchorResponse(string Anchor, string Time);
