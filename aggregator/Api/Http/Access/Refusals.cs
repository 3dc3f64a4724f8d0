using HostAgent.Aggregator.Auth;
using HostAgent.Aggregator.Hosts;

namespace HostAgent.Aggregator.Api.Http.Access;

/// <summary>The ways of being turned away, in the one shape of the API. Each marks the request as refused for the audit.</summary>
internal static class Refusals
{
    /// <summary>401 without credentials where some are needed.</summary>
    public static ApiException NoCredentials(HttpContext context, Role needed) => Refused(context, "no credentials", new(
        StatusCodes.Status401Unauthorized, "unauthenticated", "A token is needed",
        $"This needs a token with the role {needed.Word()}: send \"Authorization: Bearer hat_...\"; hostctl login keeps one, hostctl token create makes one."));

    /// <summary>401: one answer for every token that is not valid, whatever the reason.</summary>
    public static ApiException BadToken(HttpContext context) => Refused(context, "bad token", new(
        StatusCodes.Status401Unauthorized, "unauthenticated", "The token is not valid",
        "The token is unknown, expired or revoked, or not a token at all. An admin can make another: hostctl token create."));

    /// <summary>403 with too small a role.</summary>
    public static ApiException RoleNeeded(HttpContext context, Principal principal, Role needed) => Refused(context, "role", new(
        StatusCodes.Status403Forbidden, "role", "The role does not allow this",
        $"This needs the role {needed.Word()}; the token of {principal.Name} has the role {principal.Role.Word()}."));

    /// <summary>403 for a host outside of the token's scopes.</summary>
    public static ApiException OutOfScope(HttpContext context, HostView host) => Refused(context, "scope", new(
        StatusCodes.Status403Forbidden, "scope", "The host is outside of the token's scopes",
        $"The token of {context.Principal().Name} may not act on {host.Name}; its scopes: {string.Join(", ", context.Principal().Scopes.Select(scope => scope.Text))}."));

    /// <summary>403 for a page of another site that uses a browser's session.</summary>
    public static ApiException ForeignOrigin(HttpContext context) => Refused(context, "origin", new(
        StatusCodes.Status403Forbidden, "origin", "The request does not come from the aggregator's own page",
        "A change with a browser's session needs an Origin header of this aggregator, or the header X-HostAgent-Request. Programs send a token instead."));

    /// <summary>400 for a token where it ends up in logs and histories.</summary>
    public static ApiException TokenInUrl(HttpContext context) => Refused(context, "token in URL", new(
        StatusCodes.Status400BadRequest, "token-in-url", "A token must not stand in a URL",
        "URLs are kept in logs and histories: consider this token leaked, revoke it, and send another in the Authorization header."));

    /// <summary>429 after too many failures.</summary>
    public static ApiException LockedOut(HttpContext context, TimeSpan wait) => Refused(context, "locked out", new(
        StatusCodes.Status429TooManyRequests, "locked-out", "Too many failed attempts",
        "No token is looked at from this address for a while, not even a valid one. Retry-After says for how long.")
    { RetryAfter = wait });

    /// <summary>429 for asking too often.</summary>
    public static ApiException TooFast(HttpContext context, TimeSpan wait) => Refused(context, "rate", new(
        StatusCodes.Status429TooManyRequests, "rate", "Too many requests", "Slow down; Retry-After says when the next request is answered.")
    { RetryAfter = wait });

    private static ApiException Refused(HttpContext context, string why, ApiException problem)
    {
        context.Audit().Refusal = why;
        return problem;
    }
}
