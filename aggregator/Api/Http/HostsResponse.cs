namespace HostAgent.Aggregator.Api.Http;

/// <summary>Answer of GET /v1/hosts.</summary>
/// <param name="Hosts">All hosts, by name.</param>
internal sealed record HostsResponse(IReadOnlyList<HostResponse> Hosts);
