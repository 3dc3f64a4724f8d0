namespace HostAgent.Cli.Api;

/// <summary>The answer of GET /v1/runbook-runs.</summary>
internal sealed record RunbookRunList(IReadOnlyList<RunbookRunView> Runs);
