using HostAgent.Aggregator.Api.Http.Access;
using HostAgent.Aggregator.Audit;
using HostAgent.Aggregator.Auth;
using HostAgent.Aggregator.Enrolment;
using Microsoft.AspNetCore.Http.HttpResults;

namespace HostAgent.Aggregator.Api.Http;

/// <summary>/v1/enrolment-tokens: the tokens by which hosts come to belong.</summary>
internal static class EnrolmentEndpoints
{
    /// <summary>Adds the routes to the group /v1.</summary>
    public static void MapEnrolmentEndpoints(this RouteGroupBuilder v1)
    {
        v1.MapGet("/enrolment-tokens", (EnrolmentTokens tokens) => TypedResults.Ok(new EnrolmentTokensResponse([.. tokens.List().Select(EnrolmentTokenResponse.From)])))
            .WithName("listEnrolmentTokens").WithSummary("Enrolment tokens that are active or were lately, without their secrets").WithTags("enrolment")
            .RequireRole(Role.Admin);

        v1.MapPost("/enrolment-tokens", Create)
            .WithName("createEnrolmentToken").WithSummary("Make a token that enrols one host; its secret is in this answer and nowhere else").WithTags("enrolment")
            .ProducesProblem(StatusCodes.Status400BadRequest).RequireRole(Role.Admin).Audited("enrolment-token.create");

        v1.MapPost("/enrolment-tokens/{id}/revoke", Revoke)
            .WithName("revokeEnrolmentToken").WithSummary("Make an enrolment token useless; a host that has used it stays enrolled").WithTags("enrolment")
            .ProducesProblem(StatusCodes.Status404NotFound).RequireRole(Role.Admin).Audited("enrolment-token.revoke");
    }

    private static Created<CreatedEnrolmentTokenResponse> Create(CreateEnrolmentTokenRequest body, EnrolmentTokens tokens, IAuditLog audit, HttpContext context)
    {
        AuditScope scope = context.Audit();
        scope.Details["labels"] = string.Join(",", (body.Labels ?? new Dictionary<string, string>()).Select(label => $"{label.Key}={label.Value}"));
        scope.Details["may replace"] = body.MayReplace ? "yes" : "no";
        var order = new TokenOrder
        {
            CreatedBy = context.Principal().Name,
            Lifetime = RequestParameters.DurationMs("expiresIn", body.ExpiresIn) is { } ms ? TimeSpan.FromMilliseconds(ms) : null,
            Labels = body.Labels ?? new Dictionary<string, string>(),
            MayReplace = body.MayReplace,
        };
        try
        {
            audit.Append(scope.Entry(AuditOutcome.Intended)); // the middleware appends what became of it
            (TokenView token, Protos.Enrolment.TokenText text) = tokens.Create(order);
            scope.Target = token.Id;
            context.Response.Headers.CacheControl = "no-store";
            return TypedResults.Created((string?)null, new CreatedEnrolmentTokenResponse(text.Reveal(), EnrolmentTokenResponse.From(token)));
        }
        catch (ArgumentException e)
        {
            throw ApiException.BadField("labels", e.Message);
        }
    }

    private static NoContent Revoke(string id, EnrolmentTokens tokens, IAuditLog audit, HttpContext context)
    {
        AuditScope scope = context.Audit();
        scope.Target = id;
        audit.Append(scope.Entry(AuditOutcome.Intended));
        return tokens.Revoke(id)
            ? TypedResults.NoContent()
            : throw new ApiException(StatusCodes.Status404NotFound, "token", "No such token", $"No enrolment token has the id \"{id}\"; GET /v1/enrolment-tokens lists them.");
    }
}
