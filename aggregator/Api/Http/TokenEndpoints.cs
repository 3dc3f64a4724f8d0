using System.Text.RegularExpressions;
using HostAgent.Aggregator.Api.Http.Access;
using HostAgent.Aggregator.Auth;
using HostAgent.Aggregator.Query;
using Microsoft.AspNetCore.Http.HttpResults;

namespace HostAgent.Aggregator.Api.Http;

/// <summary>/v1/tokens: who has which token.</summary>
internal static partial class TokenEndpoints
{
    private const int MaxScopes = 20;
    private const int MaxPurpose = 200;

    /// <summary>Adds the routes to the group /v1.</summary>
    public static void MapTokenEndpoints(this RouteGroupBuilder v1)
    {
        v1.MapGet("/tokens", (OperatorTokens tokens, TimeProvider time)
                => TypedResults.Ok(new TokensResponse([.. tokens.All().Select(token => TokenResponse.From(token, Now(time)))])))
            .WithName("listTokens").WithSummary("All tokens, without their secrets").WithTags("access").RequireRole(Role.Admin);

        v1.MapPost("/tokens", Create)
            .WithName("createToken").WithSummary("Make a token; its secret is in this answer and nowhere else").WithTags("access")
            .ProducesProblem(StatusCodes.Status400BadRequest).RequireRole(Role.Admin).Audited("token.create");

        v1.MapPost("/tokens/{id}/revoke", Revoke)
            .WithName("revokeToken").WithSummary("Revoke a token, and the sessions that were opened with it, from the next request on").WithTags("access")
            .ProducesProblem(StatusCodes.Status404NotFound).RequireRole(Role.Admin).Audited("token.revoke");
    }

    private static Created<CreatedTokenResponse> Create(CreateTokenRequest body, OperatorTokens tokens, AuthOptions options, TimeProvider time, HttpContext context)
    {
        TokenRequest request = Check(body, options);
        AuditScope audit = context.Audit();
        audit.Details["owner"] = request.Owner;
        audit.Details["role"] = request.Role.Word();
        audit.Details["scopes"] = string.Join(" ", request.Scopes.Select(scope => scope.Text));
        audit.Details["lifetime"] = DurationText.Format((long)request.Lifetime.TotalMilliseconds);
        (OperatorToken token, TokenText text) = Recorded(audit, entry => tokens.Create(request, entry));
        context.Response.Headers.CacheControl = "no-store";
        return TypedResults.Created((string?)null, new CreatedTokenResponse(text.ToString(), TokenResponse.From(token, Now(time))));
    }

    private static Ok<TokenResponse> Revoke(string id, OperatorTokens tokens, TimeProvider time, HttpContext context)
    {
        AuditScope audit = context.Audit();
        audit.Target = id;
        OperatorToken token = tokens.Find(id) ?? throw new ApiException(
            StatusCodes.Status404NotFound, "token", "No such token", $"No token has the id \"{id}\"; GET /v1/tokens lists them all.");
        audit.Details["owner"] = token.Owner;
        if (token.RevokedUnixMs == 0)
        {
            token = Recorded(audit, entry => tokens.Revoke(id, entry))!;
        }

        return TypedResults.Ok(TokenResponse.From(token, Now(time)));
    }

    // The room appends the entry together with the change; when that fails, the middleware records the failure.
    private static T Recorded<T>(AuditScope audit, Func<Audit.AuditEntry, T> change)
    {
        Audit.AuditEntry entry = audit.Take();
        try
        {
            return change(entry);
        }
        catch
        {
            audit.GiveBack();
            throw;
        }
    }

    private static TokenRequest Check(CreateTokenRequest body, AuthOptions options)
    {
        if (body.Owner is null || !Name().IsMatch(body.Owner) || body.Owner is Audit.AuditEntry.Aggregator or "anonymous" or LocalAdminToken.Owner)
        {
            throw ApiException.BadField("owner", $"\"{body.Owner}\" is no name for an owner: 1 to 64 letters, digits, and . _ @ + - in between, "
                + $"and none of {Audit.AuditEntry.Aggregator}, anonymous and {LocalAdminToken.Owner}.");
        }

        Role role = Roles.TryParse(body.Role) ?? throw ApiException.BadField("role", $"\"{body.Role}\" is no role; write {Roles.Allowed}.");
        LabelScope[] scopes = [.. (body.Scopes ?? []).Select(Scope)];
        if (scopes.Length > 0 && role != Role.Operator)
        {
            throw ApiException.BadField("scopes", role == Role.Admin
                ? "An admin's token has no scopes: who hands out tokens could hand out a wider one."
                : "A viewer's token has no scopes: they say on which hosts one may act, and a viewer acts on none.");
        }

        if (scopes.Length > MaxScopes || body.Purpose?.Length > MaxPurpose)
        {
            throw ApiException.BadField(scopes.Length > MaxScopes ? "scopes" : "purpose", $"At most {MaxScopes} scopes and {MaxPurpose} characters of purpose are kept.");
        }

        long lifetimeMs = (long)options.DefaultTokenLifetime.TotalMilliseconds;
        long maxMs = (long)options.MaxTokenLifetime.TotalMilliseconds;
        if (body.ExpiresIn is not null && (!DurationText.TryParseMs(body.ExpiresIn, out lifetimeMs) || lifetimeMs < 1000 || lifetimeMs > maxMs))
        {
            throw ApiException.BadField("expiresIn", $"\"{body.ExpiresIn}\" is no duration from 1s to {DurationText.Format(maxMs)}; {DurationText.Allowed}.");
        }

        return new TokenRequest(body.Owner, role, scopes, body.Purpose ?? "", TimeSpan.FromMilliseconds(lifetimeMs));
    }

    private static LabelScope Scope(string text)
    {
        try
        {
            return LabelScope.Parse(text);
        }
        catch (FormatException e)
        {
            throw ApiException.BadField("scopes", $"\"{text}\" is no scope: {e.Message}.");
        }
    }

    private static long Now(TimeProvider time) => time.GetUtcNow().ToUnixTimeMilliseconds();

    [GeneratedRegex(@"\A[A-Za-z0-9](?:[A-Za-z0-9._@+-]{0,62}[A-Za-z0-9])?\z")]
    private static partial Regex Name();
}
