namespace HostAgent.Aggregator.Api.Http;

/// <summary>Answer of GET /v1/audit.</summary>
/// <param name="Records">Newest first; with after: oldest first.</param>
/// <param name="More">There are more in that direction: ask again with before (or after) the last one's sequence.</param>
/// <param name="Head">SEQUENCE:HASH of the newest record of all.</param>
internal sealed record AuditResponse(IReadOnlyList<AuditRecordResponse> Records, bool More, string Head);
