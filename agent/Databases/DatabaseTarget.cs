namespace HostAgent.Agent.Databases;

/// <summary>A database of this host that commands may name: where its address and password stand, and what may be deleted from it. Nothing of this
/// comes with a command.</summary>
public sealed record DatabaseTarget
{
    /// <summary>What commands call it.</summary>
    public required string Name { get; init; }

    /// <summary>A file of KEY=VALUE lines, such as the service's own /etc/default file; null when <see cref="UrlFile"/> is set.</summary>
    public string? EnvFile { get; init; }

    /// <summary>The variable in <see cref="EnvFile"/> that holds the URL. Default DATABASE_URL.</summary>
    public string Variable { get; init; } = "DATABASE_URL";

    /// <summary>A file that holds nothing but the URL; null when <see cref="EnvFile"/> is set.</summary>
    public string? UrlFile { get; init; }

    /// <summary>Tables whose old rows may be deleted: the column that says how old a row is, and the least age. Default: none.</summary>
    public IReadOnlyDictionary<string, (string Column, TimeSpan LeastAge)> Retention { get; init; } = new Dictionary<string, (string, TimeSpan)>();
}
