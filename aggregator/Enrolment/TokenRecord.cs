namespace HostAgent.Aggregator.Enrolment;

/// <summary>A token at rest: collection <c>enrolment-token</c>, key <see cref="Id"/>, JSON. Fields only grow.</summary>
internal sealed record TokenRecord
{
    public required string Id { get; init; }

    /// <summary>SHA-256 of the secret's text. The secret is 32 random bytes, so a slow hash would protect nothing more.</summary>
    public required byte[] SecretHash { get; init; }

    public required long CreatedUnixMs { get; init; }

    public required long ExpiresUnixMs { get; init; }

    public required string CreatedBy { get; init; }

    public Dictionary<string, string> Labels { get; init; } = [];

    public bool MayReplace { get; init; }

    public long? RevokedUnixMs { get; init; }

    public long? UsedUnixMs { get; init; }

    public string? UsedByHostId { get; init; }

    /// <summary>SHA-256 of the public key it was used for: who lost the reply may ask again.</summary>
    public byte[]? UsedKeyHash { get; init; }
}
