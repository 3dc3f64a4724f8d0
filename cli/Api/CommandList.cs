namespace HostAgent.Cli.Api;

/// <summary>The answer of GET /v1/commands.</summary>
internal sealed record CommandList(IReadOnlyList<CommandView> Commands, string? Next);
