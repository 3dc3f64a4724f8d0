using HostAgent.Aggregator.Auth;

namespace HostAgent.Aggregator.Api.Http.Access;

/// <summary>What an endpoint says about access and audit when it is mapped.</summary>
internal static class AccessConventions
{
    /// <summary>Only for those who have this role or one that includes it; 401 without a valid token, 403 with too small a role. Scopes are the
    /// handler's to check: <see cref="AccessContext.RequireMayAct"/>.</summary>
    public static TBuilder RequireRole<TBuilder>(this TBuilder endpoint, Role role)
        where TBuilder : IEndpointConventionBuilder
        => endpoint.WithMetadata(new RoleRequirement(role));

    /// <summary>For anybody, also without a token.</summary>
    public static TBuilder AllowAnyone<TBuilder>(this TBuilder endpoint)
        where TBuilder : IEndpointConventionBuilder
        => endpoint.WithMetadata(new RoleRequirement(null));

    /// <summary>What the audit calls this call: thing and verb, for example <c>token.create</c>. Without it the audit shows method and route.</summary>
    public static TBuilder Audited<TBuilder>(this TBuilder endpoint, string action)
        where TBuilder : IEndpointConventionBuilder
        => endpoint.WithMetadata(new AuditedAction(action));
}
