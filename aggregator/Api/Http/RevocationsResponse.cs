namespace HostAgent.Aggregator.Api.Http;

/// <summary>Answer of GET /v1/revocations.</summary>
/// <param name="Revocations">The newest first.</param>
internal sealed record RevocationsResponse(IReadOnlyList<RevocationResponse> Revocations);
