namespace HostAgent.Agent.Commands;

/// <summary>A program that tells how something is, in the manner of Nagios plugins: declared on this host, named by commands.</summary>
public sealed record CheckTarget
{
    /// <summary>What commands call it.</summary>
    public required string Name { get; init; }

    /// <summary>Absolute path and arguments.</summary>
    public required IReadOnlyList<string> Command { get; init; }

    /// <summary>How long it may take. Default 30 s.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(30);
}
