namespace HostAgent.Aggregator.Api.Http;

/// <summary>Body of POST /v1/hosts/{id}/revoke.</summary>
/// <param name="Reason">Why, for people; 1 to 500 characters on one line. The host is told.</param>
internal sealed record RevokeHostRequest(string? Reason);
