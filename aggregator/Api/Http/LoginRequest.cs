namespace HostAgent.Aggregator.Api.Http;

/// <summary>Body of POST /v1/login.</summary>
/// <param name="Token">A token: hat_ID_SECRET.</param>
internal sealed record LoginRequest(string Token);
