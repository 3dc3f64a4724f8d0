namespace HostAgent.Cli.Api;

/// <summary>Answer of GET /v1/me.</summary>
internal sealed record Me(string Name, string Role, IReadOnlyList<string> Scopes, string? TokenId = null, DateTimeOffset? Expires = null);
