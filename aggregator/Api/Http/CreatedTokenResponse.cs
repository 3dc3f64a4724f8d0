namespace HostAgent.Aggregator.Api.Http;

/// <summary>Answer of POST /v1/tokens.</summary>
/// <param name="Secret">The token to show: hat_ID_SECRET. It is said this once and stored nowhere.</param>
/// <param name="Token">What is stored of it.</param>
internal sealed record CreatedTokenResponse(string Secret, TokenResponse Token);
