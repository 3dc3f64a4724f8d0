namespace HostAgent.Aggregator.Api.Http;

/// <summary>Runs of runbooks, the newest first.</summary>
/// <param name="Runs">The runs.</param>
internal sealed record RunbookRunsResponse(IReadOnlyList<RunbookRunResponse> Runs);
