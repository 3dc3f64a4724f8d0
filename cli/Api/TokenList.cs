namespace HostAgent.Cli.Api;

/// <summary>Answer of GET /v1/tokens.</summary>
internal sealed record TokenList(IReadOnlyList<TokenSummary> Tokens);
