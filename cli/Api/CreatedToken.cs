namespace HostAgent.Cli.Api;

/// <summary>Answer of POST /v1/tokens.</summary>
internal sealed record CreatedToken(string Secret, TokenSummary Token);
