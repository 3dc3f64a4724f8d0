namespace HostAgent.Aggregator.Api.Http;

/// <summary>Answer of GET /v1/tokens.</summary>
/// <param name="Tokens">Oldest first, also expired and revoked ones.</param>
internal sealed record TokensResponse(IReadOnlyList<TokenResponse> Tokens);
