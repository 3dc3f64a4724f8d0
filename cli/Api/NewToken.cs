namespace HostAgent.Cli.Api;

/// <summary>Body of POST /v1/tokens.</summary>
internal sealed record NewToken(string Owner, string Role, IReadOnlyList<string> Scopes, string? Purpose, string? ExpiresIn);
