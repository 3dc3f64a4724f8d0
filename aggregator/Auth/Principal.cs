using HostAgent.Aggregator.Hosts;

namespace HostAgent.Aggregator.Auth;

/// <summary>Who is asking.</summary>
/// <param name="Name">Owner of the token; <c>anonymous</c> without one.</param>
/// <param name="Role">What they may do.</param>
/// <param name="Scopes">Hosts they may act on: those of any of the scopes; all hosts when there is none.</param>
/// <param name="TokenId">The token they showed, also at login; null for anonymous.</param>
public sealed record Principal(string Name, Role Role, IReadOnlyList<LabelScope> Scopes, string? TokenId)
{
    /// <summary>Somebody without a token, where that is allowed: a viewer.</summary>
    public static Principal Anonymous { get; } = new("anonymous", Role.Viewer, [], null);

    /// <summary>They have this role or one that includes it.</summary>
    public bool Is(Role role) => Role >= role;

    /// <summary>They may act on the host: operator or admin, and the host is in one of the scopes.</summary>
    public bool MayAct(HostView host) => Is(Role.Operator) && (Scopes.Count == 0 || Scopes.Any(scope => scope.Includes(host)));
}
