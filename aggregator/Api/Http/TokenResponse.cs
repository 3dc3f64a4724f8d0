using HostAgent.Aggregator.Auth;

namespace HostAgent.Aggregator.Api.Http;

/// <summary>A token, without its secret. Times are RFC 3339 in UTC, null when the thing never happened.</summary>
internal sealed record TokenResponse
{
    /// <summary>12 hex digits; no secret.</summary>
    public required string Id { get; init; }

    /// <summary>Whose it is: the name in the audit.</summary>
    public required string Owner { get; init; }

    /// <summary>viewer, operator or admin.</summary>
    public required string Role { get; init; }

    /// <summary>Selectors of the hosts its bearer may act on; none means all.</summary>
    public required IReadOnlyList<string> Scopes { get; init; }

    /// <summary>What it is for.</summary>
    public required string Purpose { get; init; }

    /// <summary>valid, expired or revoked.</summary>
    public required string State { get; init; }

    /// <summary>When it was made.</summary>
    public required string Created { get; init; }

    /// <summary>Who made it.</summary>
    public required string CreatedBy { get; init; }

    /// <summary>From then on it is refused.</summary>
    public required string Expires { get; init; }

    /// <summary>When it was revoked.</summary>
    public required string? Revoked { get; init; }

    /// <summary>Who revoked it; null when nobody has.</summary>
    public required string? RevokedBy { get; init; }

    /// <summary>Translates.</summary>
    public static TokenResponse From(OperatorToken token, long nowUnixMs) => new()
    {
        Id = token.Id,
        Owner = token.Owner,
        Role = token.Role.Word(),
        Scopes = token.Scopes,
        Purpose = token.Purpose,
        State = token.IsValidAt(nowUnixMs) ? "valid" : token.RevokedUnixMs != 0 ? "revoked" : "expired",
        Created = ApiTime.Format(token.CreatedUnixMs),
        CreatedBy = token.CreatedBy,
        Expires = ApiTime.Format(token.ExpiresUnixMs),
        Revoked = ApiTime.FormatOrNull(token.RevokedUnixMs),
        RevokedBy = token.RevokedBy.Length > 0 ? token.RevokedBy : null,
    };
}
