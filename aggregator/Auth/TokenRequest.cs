namespace HostAgent.Aggregator.Auth;

/// <summary>A token that somebody asks for.</summary>
/// <param name="Owner">Whose it will be.</param>
/// <param name="Role">What its bearer may do.</param>
/// <param name="Scopes">Hosts its bearer may act on; none means all.</param>
/// <param name="Purpose">What it is for, for people.</param>
/// <param name="Lifetime">How long it is valid.</param>
internal sealed record TokenRequest(string Owner, Role Role, IReadOnlyList<LabelScope> Scopes, string Purpose, TimeSpan Lifetime);
