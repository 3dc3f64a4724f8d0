namespace HostAgent.Cli.Api;

/// <summary>Where an aggregator is.</summary>
/// <param name="Url">Its HTTP API.</param>
/// <param name="NamedBy">Who said so; error messages repeat it.</param>
/// <param name="DataDirectory">Its data directory, when it was found by its endpoints.json; null otherwise.</param>
/// <param name="CaFile">Certificate of the authority that signs its own, when that file says so; null otherwise.</param>
internal sealed record AggregatorLocation(Uri Url, string NamedBy, string? DataDirectory = null, string? CaFile = null);
