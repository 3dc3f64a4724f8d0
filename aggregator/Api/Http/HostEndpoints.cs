using HostAgent.Aggregator.Hosts;
using Microsoft.AspNetCore.Http.HttpResults;

namespace HostAgent.Aggregator.Api.Http;

/// <summary>/v1/hosts: who the hosts are and what became of what they sent.</summary>
internal static class HostEndpoints
{
    /// <summary>Adds the routes to the group /v1.</summary>
    public static void MapHostEndpoints(this RouteGroupBuilder v1)
    {
        v1.MapGet("/hosts", (IHostDirectory hosts) => TypedResults.Ok(new HostsResponse([.. hosts.All().Select(HostResponse.From)])))
            .WithName("listHosts").WithSummary("Every host that ever said hello, by name").WithTags("hosts");

        v1.MapGet("/hosts/{id}", (string id, IHostDirectory hosts) => TypedResults.Ok(HostResponse.From(Find(hosts, id))))
            .WithName("getHost").WithSummary("One host, by id or name").WithTags("hosts").ProducesProblem(StatusCodes.Status404NotFound);

        v1.MapGet("/hosts/{id}/account", Account)
            .WithName("getHostAccount").WithSummary("What a host produced in an interval (default: the last hour) and what became of it")
            .WithTags("hosts").ProducesProblem(StatusCodes.Status400BadRequest).ProducesProblem(StatusCodes.Status404NotFound);
    }

    private static Ok<AccountResponse> Account(string id, string? from, string? to, IHostDirectory hosts, TimeProvider time)
    {
        (long fromUnixMs, long toUnixMs) = RequestParameters.Interval(from, to, "-1h", time);
        HostView host = Find(hosts, id);
        return TypedResults.Ok(AccountResponse.Of(host, hosts.Account(host.Id, fromUnixMs, toUnixMs), fromUnixMs, toUnixMs));
    }

    private static HostView Find(IHostDirectory hosts, string idOrName) => hosts.Find(idOrName) ?? throw ApiException.NoSuchHost(idOrName);
}
