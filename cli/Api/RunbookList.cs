namespace HostAgent.Cli.Api;

/// <summary>The answer of GET /v1/runbooks.</summary>
internal sealed record RunbookList(IReadOnlyList<RunbookView> Runbooks);
