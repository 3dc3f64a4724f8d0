using HostAgent.Aggregator.Auth;

namespace HostAgent.Aggregator.Api.Http;

/// <summary>Who is asking.</summary>
/// <param name="Name">Owner of the token; anonymous without one.</param>
/// <param name="Role">viewer, operator or admin.</param>
/// <param name="Scopes">Selectors of the hosts they may act on; none means all.</param>
/// <param name="TokenId">The token; null for anonymous.</param>
/// <param name="Expires">When the token ends, RFC 3339; null for anonymous.</param>
internal sealed record MeResponse(string Name, string Role, IReadOnlyList<string> Scopes, string? TokenId, string? Expires)
{
    /// <summary>Translates.</summary>
    public static MeResponse From(Principal principal, OperatorTokens tokens) => new(
        principal.Name,
        principal.Role.Word(),
        [.. principal.Scopes.Select(scope => scope.Text)],
        principal.TokenId,
        principal.TokenId is { } id && tokens.Find(id) is { } token ? ApiTime.Format(token.ExpiresUnixMs) : null);
}
