namespace HostAgent.Cli.Api;

/// <summary>What hostctl login keeps of one aggregator.</summary>
/// <param name="Aggregator">Its URL.</param>
/// <param name="Token">The token: a secret.</param>
/// <param name="Ca">PEM of the authority that signs its certificate; null for those of this machine.</param>
internal sealed record SavedLogin(string Aggregator, string Token, string? Ca = null);
