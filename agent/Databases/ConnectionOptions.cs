namespace HostAgent.Agent.Databases;

/// <summary>Where a database is and how to get in.</summary>
internal sealed record ConnectionOptions
{
    /// <summary>Name or address; a path that begins with a slash is the directory of the server's local socket.</summary>
    public string Host { get; init; } = "";

    /// <summary>Default 5432.</summary>
    public int Port { get; init; } = 5432;

    public string User { get; init; } = "";

    /// <summary>Null when the server needs none.</summary>
    public string? Password { get; init; }

    /// <summary>Null: the one named like the user.</summary>
    public string? Database { get; init; }

    /// <summary>disable, allow, prefer, require, verify-ca or verify-full, as libpq has them. Default prefer.</summary>
    public string SslMode { get; init; } = "prefer";

    /// <summary>PEM file of the authorities to trust; null for those of this machine.</summary>
    public string? RootCertificate { get; init; }
}
