namespace HostAgent.Aggregator.Api.Http;

/// <summary>A runbook as it is put on the shelf.</summary>
/// <param name="Yaml">Its text.</param>
internal sealed record RunbookBody(string? Yaml);
