namespace HostAgent.Aggregator.Api.Http;

/// <summary>Body of POST /v1/tokens.</summary>
/// <param name="Owner">Whose it will be: the name in the audit; 1 to 64 letters, digits, and . _ @ + - in between.</param>
/// <param name="Role">viewer, operator or admin.</param>
/// <param name="Scopes">Selectors of the hosts its bearer may act on, such as {env="staging"}; none means all. Only for the role operator.</param>
/// <param name="Purpose">What it is for; at most 200 characters.</param>
/// <param name="ExpiresIn">How long it is valid, such as 12h or 90d; default 90d, at most 366d.</param>
internal sealed record CreateTokenRequest(string? Owner, string? Role, IReadOnlyList<string>? Scopes = null, string? Purpose = null, string? ExpiresIn = null);
