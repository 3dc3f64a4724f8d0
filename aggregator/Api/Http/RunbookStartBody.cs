namespace HostAgent.Aggregator.Api.Http;

/// <summary>What is said when a runbook is planned or started.</summary>
/// <param name="Id">Idempotency key, 32 lower-case hex digits; the same id never starts a second run.</param>
/// <param name="Args">Parameters by name.</param>
internal sealed record RunbookStartBody(string? Id, Dictionary<string, string>? Args);
