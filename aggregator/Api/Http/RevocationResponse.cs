using HostAgent.Aggregator.Enrolment;

namespace HostAgent.Aggregator.Api.Http;

/// <summary>A host that is shut out.</summary>
/// <param name="HostId">32 hex digits.</param>
/// <param name="Reason">In the words of whoever did it.</param>
/// <param name="RevokedBy">Who did it.</param>
/// <param name="Revoked">When, RFC 3339.</param>
internal sealed record RevocationResponse(string HostId, string Reason, string RevokedBy, string Revoked)
{
    /// <summary>Translates.</summary>
    public static RevocationResponse From(Revocation revocation)
        => new(revocation.HostId, revocation.Reason, revocation.RevokedBy, ApiTime.Format(revocation.AtUnixMs));
}
