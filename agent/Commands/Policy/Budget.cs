namespace HostAgent.Agent.Commands.Policy;

/// <summary>At most so many runs in any window of this length.</summary>
/// <param name="Max">Most runs, 1 or more.</param>
/// <param name="Per">The window, up to 24 h.</param>
internal sealed record Budget(int Max, TimeSpan Per);
