using HostAgent.Aggregator.Auth;

namespace HostAgent.Aggregator.Api.Http.Access;

/// <summary>Metadata of an endpoint: who may ask it.</summary>
/// <param name="Role">The least role; null lets anybody in, also without a token.</param>
internal sealed record RoleRequirement(Role? Role)
{
    /// <summary>What an endpoint without the metadata requires: a viewer to read, an admin to change, so that a forgotten requirement shuts a
    /// door rather than leaving it open.</summary>
    public static Role? Of(Endpoint endpoint, bool changes)
        => endpoint.Metadata.GetMetadata<RoleRequirement>() is { } stated ? stated.Role : changes ? Auth.Role.Admin : Auth.Role.Viewer;
}
