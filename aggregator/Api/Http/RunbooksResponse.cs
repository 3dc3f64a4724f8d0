namespace HostAgent.Aggregator.Api.Http;

/// <summary>All runbooks, by name.</summary>
/// <param name="Runbooks">Without their texts.</param>
internal sealed record RunbooksResponse(IReadOnlyList<RunbookResponse> Runbooks);
