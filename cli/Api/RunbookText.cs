namespace HostAgent.Cli.Api;

/// <summary>The text of a runbook that is put on the shelf.</summary>
internal sealed record RunbookText(string Yaml);
