using HostAgent.Aggregator.Api.Http.Access;
using HostAgent.Aggregator.Audit;
using HostAgent.Aggregator.Auth;
using HostAgent.Aggregator.Enrolment;
using HostAgent.Aggregator.Hosts;
using Microsoft.AspNetCore.Http.HttpResults;

namespace HostAgent.Aggregator.Api.Http;

/// <summary>/v1/hosts/{id}/revoke and /restore, /v1/revocations: hosts that are shut out.</summary>
internal static class RevocationEndpoints
{
    /// <summary>Adds the routes to the group /v1.</summary>
    public static void MapRevocationEndpoints(this RouteGroupBuilder v1)
    {
        v1.MapGet("/revocations", (HostRevocations revocations) => TypedResults.Ok(new RevocationsResponse([.. revocations.All().Select(RevocationResponse.From)])))
            .WithName("listRevocations").WithSummary("Hosts that are shut out, the newest first").WithTags("enrolment").RequireRole(Role.Viewer);

        v1.MapPost("/hosts/{id}/revoke", Revoke)
            .WithName("revokeHost").WithSummary("Shut a host out: its certificate is worth nothing from now on, its open streams end. Also before it was ever seen")
            .WithTags("enrolment").ProducesProblem(StatusCodes.Status400BadRequest).RequireRole(Role.Admin).Audited("host.revoke");

        v1.MapPost("/hosts/{id}/restore", Restore)
            .WithName("restoreHost").WithSummary("Let a revoked host in again, with the certificate it has")
            .WithTags("enrolment").ProducesProblem(StatusCodes.Status404NotFound).RequireRole(Role.Admin).Audited("host.restore");
    }

    private static Ok<RevocationResponse> Revoke(
        string id, RevokeHostRequest body, HostRevocations revocations, IHostDirectory hosts, IAuditLog audit, HttpContext context)
    {
        AuditScope scope = context.Audit();
        string hostId = Identify(id, hosts, scope);
        scope.Details["reason"] = body.Reason ?? "";
        audit.Append(scope.Entry(AuditOutcome.Intended)); // the middleware appends what became of it
        try
        {
            return TypedResults.Ok(RevocationResponse.From(revocations.Revoke(hostId, body.Reason ?? "", context.Principal().Name)));
        }
        catch (ArgumentException e)
        {
            throw ApiException.BadField("reason", e.Message);
        }
    }

    private static NoContent Restore(string id, HostRevocations revocations, IHostDirectory hosts, IAuditLog audit, HttpContext context)
    {
        AuditScope scope = context.Audit();
        string hostId = Identify(id, hosts, scope);
        audit.Append(scope.Entry(AuditOutcome.Intended));
        return revocations.Restore(hostId, context.Principal().Name)
            ? TypedResults.NoContent()
            : throw new ApiException(StatusCodes.Status404NotFound, "revocation", "The host is not revoked", $"\"{id}\" is not revoked; GET /v1/revocations lists those that are.");
    }

    // By id also a host that never said hello; by name only one that did, and only when the name means one host.
    private static string Identify(string idOrName, IHostDirectory hosts, AuditScope scope)
    {
        HostView[] named = [.. hosts.All().Where(host => host.Name == idOrName)];
        if (named.Length > 1)
        {
            throw ApiException.BadParameter("id", $"{named.Length} hosts have the name \"{idOrName}\": give the id of one of them: {string.Join(", ", named.Take(5).Select(host => host.Id))}.");
        }

        string id = hosts.Find(idOrName)?.Id ?? idOrName;
        scope.Target = id;
        return id;
    }
}
