namespace HostAgent.Cli.Api;

/// <summary>What is said when a runbook is planned or started.</summary>
internal sealed record RunbookAsk(string? Id, Dictionary<string, string> Args);
