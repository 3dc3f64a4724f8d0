using HostAgent.Aggregator.Auth;
using HostAgent.Aggregator.Hosts;
using Microsoft.AspNetCore.Http.Features;

namespace HostAgent.Aggregator.Api.Http.Access;

/// <summary>Who is asking, for handlers.</summary>
internal static class AccessContext
{
    /// <summary>Whether a request changes nothing: by its method, or because its endpoint only reads (<see cref="ReadByPost"/>).</summary>
    public static bool IsSafe(HttpContext context)
        => IsSafe(context.Request.Method) || (HttpMethods.IsPost(context.Request.Method) && context.GetEndpoint()?.Metadata.GetMetadata<ReadByPost>() is not null);

    /// <summary>Methods that promise to change nothing (RFC 9110 9.2.1).</summary>
    public static bool IsSafe(string method) => HttpMethods.IsGet(method) || HttpMethods.IsHead(method) || HttpMethods.IsOptions(method) || HttpMethods.IsTrace(method);

    /// <summary>Who is asking. Behind RequireRole it is somebody with that role.</summary>
    public static Principal Principal(this HttpContext context) => context.Features.Get<Principal>() ?? Auth.Principal.Anonymous;

    /// <summary>What the audit will say about this request.</summary>
    public static AuditScope Audit(this HttpContext context) => context.Features.GetRequiredFeature<AuditScope>();

    /// <summary>Turns the caller away when none of the token's scopes includes the host.</summary>
    /// <exception cref="ApiException">403; the audit says which host.</exception>
    public static void RequireMayAct(this HttpContext context, HostView host)
    {
        if (!context.Principal().MayAct(host))
        {
            context.Audit().Target = host.Id;
            throw Refusals.OutOfScope(context, host);
        }
    }
}
