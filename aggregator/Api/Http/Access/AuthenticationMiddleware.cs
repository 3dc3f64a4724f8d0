using System.Diagnostics.CodeAnalysis;
using HostAgent.Aggregator.Auth;
using Microsoft.Extensions.Primitives;

namespace HostAgent.Aggregator.Api.Http.Access;

/// <summary>Finds out who is asking on the HTTP door, and turns away who may not.</summary>
internal sealed class AuthenticationMiddleware(
    RequestDelegate next, OperatorTokens tokens, Sessions sessions, AttemptLocks locks, RequestRates rates, HttpApiOptions options)
{
    private const string Scheme = "Bearer ";

    /// <summary>The request goes to an endpoint of the HTTP API: not to gRPC, and not to one of routing's own answers.</summary>
    public static bool IsOurs(HttpContext context, [NotNullWhen(true)] out RouteEndpoint? endpoint)
    {
        endpoint = context.GetEndpoint() as RouteEndpoint;
        return endpoint?.Metadata.GetMetadata<ListenerFeature>() is { Listener: Listener.Http };
    }

    /// <summary>The middleware; runs after routing.</summary>
    /// <exception cref="ApiException">The caller is turned away.</exception>
    public Task InvokeAsync(HttpContext context)
    {
        if (!IsOurs(context, out RouteEndpoint? endpoint))
        {
            return next(context);
        }

        AuditScope audit = context.Audit();
        bool changes = !AccessContext.IsSafe(context);
        RefuseTokenInUrl(context);
        Principal? principal = Identify(context, audit.Address, changes);
        audit.Principal = principal;
        if (rates.Take(principal, audit.Address, changes) is { } wait)
        {
            throw Refusals.TooFast(context, wait);
        }

        if (RoleRequirement.Of(endpoint, changes) is { } needed)
        {
            principal ??= needed == Role.Viewer && MayReadAnonymously(context, options) ? Principal.Anonymous : throw Refusals.NoCredentials(context, needed);
            if (!principal.Is(needed))
            {
                throw Refusals.RoleNeeded(context, principal, needed);
            }
        }

        context.Features.Set(principal);
        return next(context);
    }

    /// <summary>Nobody has to show a token to read: the listener is on loopback, the operator has not forbidden it, and no proxy brings in others.</summary>
    public static bool MayReadAnonymously(HttpContext context, HttpApiOptions options)
        => options.AnonymousRead && context.Audit().Address.IsLoopback
            && !context.Request.Headers.ContainsKey("X-Forwarded-For") && !context.Request.Headers.ContainsKey("Forwarded") && !context.Request.Headers.ContainsKey("Via");

    private Principal? Identify(HttpContext context, ClientAddress address, bool changes)
    {
        StringValues header = context.Request.Headers.Authorization;
        if (header.Count > 0)
        {
            string shown = header.Count == 1 && header[0] is { } text && text.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase) ? text[Scheme.Length..].Trim() : "";
            return Show(context, tokens, locks, address, shown);
        }

        if (SessionCookie.Read(context) is { } cookie && sessions.Find(cookie) is { } principal)
        {
            return !changes || OriginCheck.IsOwnPage(context.Request) ? principal : throw Refusals.ForeignOrigin(context);
        }

        return null;
    }

    /// <summary>Somebody shows a token: looked at unless they failed too often.</summary>
    /// <exception cref="ApiException">401 or 429.</exception>
    public static Principal Show(HttpContext context, OperatorTokens tokens, AttemptLocks locks, ClientAddress address, string shown)
    {
        if (locks.LockedFor(address, shown) is { } locked)
        {
            throw Refusals.LockedOut(context, locked);
        }

        if (tokens.Authenticate(shown) is { } principal)
        {
            locks.Succeeded(address, shown);
            return principal;
        }

        if (TokenText.TryParse(shown, out TokenText text))
        {
            context.Audit().Details["shown"] = text.Id; // the id is no secret, and says whose token is tried
        }

        if (locks.Failed(address, shown) is { } length)
        {
            context.Audit().Details["locked out"] = $"{length.TotalSeconds:0} s";
        }

        throw Refusals.BadToken(context);
    }

    private static void RefuseTokenInUrl(HttpContext context)
    {
        if (context.Request.QueryString.Value?.Contains(TokenText.Prefix, StringComparison.Ordinal) == true
            || context.Request.Query.ContainsKey("token") || context.Request.Query.ContainsKey("access_token"))
        {
            throw Refusals.TokenInUrl(context);
        }
    }
}
