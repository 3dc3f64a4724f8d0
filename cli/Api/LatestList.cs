namespace HostAgent.Cli.Api;

/// <summary>Answer of GET /v1/latest.</summary>
internal sealed record LatestList(DateTimeOffset Now, IReadOnlyList<LatestValue> Samples);
