namespace HostAgent.Cli.Api;

/// <summary>Answer of GET /v1/hosts.</summary>
internal sealed record HostList(IReadOnlyList<HostSummary> Hosts);
