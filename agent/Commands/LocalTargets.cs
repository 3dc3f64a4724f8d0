using HostAgent.Agent.Databases;

namespace HostAgent.Agent.Commands;

/// <summary>What the host's own settings declare for commands to name.</summary>
public sealed record LocalTargets
{
    /// <summary>Databases by name. Default: none.</summary>
    public IReadOnlyDictionary<string, DatabaseTarget> Databases { get; init; } = new Dictionary<string, DatabaseTarget>();

    /// <summary>Checks by name. Default: none.</summary>
    public IReadOnlyDictionary<string, CheckTarget> Checks { get; init; } = new Dictionary<string, CheckTarget>();
}
