namespace HostAgent.Aggregator.Api.Http.Access;

/// <summary>Metadata of an endpoint: what the audit calls a call of it.</summary>
internal sealed record AuditedAction(string Action);
