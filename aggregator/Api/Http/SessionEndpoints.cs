using System.Text.Json;
using HostAgent.Aggregator.Api.Http.Access;
using HostAgent.Aggregator.Auth;

namespace HostAgent.Aggregator.Api.Http;

/// <summary>/v1/login, /v1/logout and /v1/me: a browser's session, and who one is.</summary>
internal static class SessionEndpoints
{
    /// <summary>Adds the routes to the group /v1.</summary>
    public static void MapSessionEndpoints(this RouteGroupBuilder v1)
    {
        v1.MapPost("/login", LoginAsync)
            .WithName("login").WithSummary("Open a browser's session with a token; as JSON, or as the form of the landing page")
            .WithTags("access").Accepts<LoginRequest>("application/json", "application/x-www-form-urlencoded").Produces<MeResponse>()
            .ProducesProblem(StatusCodes.Status401Unauthorized).ProducesProblem(StatusCodes.Status429TooManyRequests).AllowAnyone().Audited("session.login");

        v1.MapPost("/logout", Logout)
            .WithName("logout").WithSummary("End a browser's session").WithTags("access")
            .Produces(StatusCodes.Status204NoContent).AllowAnyone().Audited("session.logout");

        v1.MapGet("/me", (HttpContext context, OperatorTokens tokens) => TypedResults.Ok(MeResponse.From(context.Principal(), tokens)))
            .WithName("getMe").WithSummary("Who the aggregator takes the caller for").WithTags("access").RequireRole(Role.Viewer);
    }

    private static async Task<IResult> LoginAsync(HttpContext context, OperatorTokens tokens, Sessions sessions, AttemptLocks locks)
    {
        if (!OriginCheck.IsNotForeign(context.Request))
        {
            throw Refusals.ForeignOrigin(context); // a foreign page must not log a browser in as somebody else either
        }

        bool isForm = context.Request.HasFormContentType;
        string shown = (isForm ? (await context.Request.ReadFormAsync(context.RequestAborted))["token"].ToString() : (await ReadAsync(context)).Token).Trim();
        Principal principal = AuthenticationMiddleware.Show(context, tokens, locks, context.Audit().Address, shown);
        context.Audit().Principal = principal;
        SessionCookie.Set(context, sessions.Open(principal));
        context.Response.Headers.CacheControl = "no-store";
        return isForm ? Results.LocalRedirect("/", permanent: false, preserveMethod: false) : TypedResults.Ok(MeResponse.From(principal, tokens));
    }

    private static IResult Logout(HttpContext context, Sessions sessions)
    {
        if (SessionCookie.Read(context) is { } cookie)
        {
            sessions.Close(cookie);
            SessionCookie.Remove(context);
        }

        return context.Request.HasFormContentType ? Results.LocalRedirect("/") : TypedResults.NoContent();
    }

    private static async Task<LoginRequest> ReadAsync(HttpContext context)
    {
        try
        {
            return await context.Request.ReadFromJsonAsync(ApiJson.Default.LoginRequest, context.RequestAborted) is { Token: not null } body
                ? body
                : throw ApiException.BadField("token", "The token is missing; send {\"token\":\"hat_...\"}.");
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            throw ApiException.BadField("token", "The body is not {\"token\":\"hat_...\"} as application/json.");
        }
    }
}
