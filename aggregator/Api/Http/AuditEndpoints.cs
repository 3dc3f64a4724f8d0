using System.Globalization;
using HostAgent.Aggregator.Api.Http.Access;
using HostAgent.Aggregator.Audit;
using HostAgent.Aggregator.Auth;
using HostAgent.Protos.Audit;
using Microsoft.AspNetCore.Http.HttpResults;

namespace HostAgent.Aggregator.Api.Http;

/// <summary>/v1/audit: who did what.</summary>
internal static class AuditEndpoints
{
    private const int MaxRecords = 1000;

    /// <summary>Adds the routes to the group /v1.</summary>
    public static void MapAuditEndpoints(this RouteGroupBuilder v1)
    {
        v1.MapGet("/audit", List)
            .WithName("listAudit").WithSummary("Who did what, from where, and how it ended: logins, changes and refusals").WithTags("access")
            .ProducesProblem(StatusCodes.Status400BadRequest).RequireRole(Role.Admin);

        v1.MapGet("/audit/anchor", (IAuditLog audit, TimeProvider time)
                => TypedResults.Ok(new AuditAnchorResponse(audit.Head.ToString(), ApiTime.Format(time.GetUtcNow().ToUnixTimeMilliseconds()))))
            .WithName("getAuditAnchor").WithSummary("The audit's head, to be kept elsewhere").WithTags("access").RequireRole(Role.Admin);
    }

    private static Ok<AuditResponse> List(string? after, string? before, string? limit, IAuditLog audit)
    {
        int atMost = RequestParameters.Limit("limit", limit, MaxRecords);
        if (after is not null && before is not null)
        {
            throw ApiException.BadParameter("after", "Give after or before, not both.");
        }

        AuditAnchor head = audit.Head;
        IReadOnlyList<AuditRecord> found;
        if (after is not null)
        {
            ulong from = Sequence("after", after);
            found = from == ulong.MaxValue ? [] : audit.Read(from + 1, atMost + 1);
        }
        else
        {
            ulong below = before is null ? ulong.MaxValue : Sequence("before", before);
            found = below == 0 ? [] : audit.Read(below - 1, atMost + 1, descending: true);
        }

        return TypedResults.Ok(new AuditResponse([.. found.Take(atMost).Select(AuditRecordResponse.From)], found.Count > atMost, head.ToString()));
    }

    private static ulong Sequence(string name, string value)
        => ulong.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out ulong sequence)
            ? sequence
            : throw ApiException.BadParameter(name, $"\"{value}\" is no sequence: a whole number, 0 or more.");
}
