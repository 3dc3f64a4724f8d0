namespace HostAgent.Aggregator.Auth;

/// <summary>A token as it is stored: everything but the secret itself. Times are unix milliseconds, 0 for never.</summary>
public sealed record OperatorToken
{
    /// <summary>12 lower-case hex digits; no secret.</summary>
    public required string Id { get; init; }

    /// <summary>Whose it is: the name in the audit.</summary>
    public required string Owner { get; init; }

    /// <summary>What its bearer may do.</summary>
    public required Role Role { get; init; }

    /// <summary>Selectors of the hosts its bearer may act on; none means all.</summary>
    public required IReadOnlyList<string> Scopes { get; init; }

    /// <summary>What it is for, for people.</summary>
    public required string Purpose { get; init; }

    /// <summary>SHA-256 of the secret, 64 lower-case hex digits. A fast hash is right here: the secret is 256 random bits, which no amount of
    /// guessing finds; slow hashes are for passwords, which people choose, and would let anyone burn this machine's CPU by knocking.</summary>
    public required string SecretHash { get; init; }

    /// <summary>When it was made.</summary>
    public required long CreatedUnixMs { get; init; }

    /// <summary>Owner of the token that made it.</summary>
    public required string CreatedBy { get; init; }

    /// <summary>From then on it is refused.</summary>
    public required long ExpiresUnixMs { get; init; }

    /// <summary>When it was revoked.</summary>
    public long RevokedUnixMs { get; init; }

    /// <summary>Who revoked it.</summary>
    public string RevokedBy { get; init; } = "";

    /// <summary>Neither revoked nor expired.</summary>
    public bool IsValidAt(long unixMs) => RevokedUnixMs == 0 && unixMs < ExpiresUnixMs;
}
