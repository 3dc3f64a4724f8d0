using HostAgent.Aggregator.Enrolment;

namespace HostAgent.Aggregator.Api.Http;

/// <summary>An enrolment token, without its secret. Times are RFC 3339 in UTC.</summary>
/// <param name="Id">16 hex digits; no secret.</param>
/// <param name="State">active, used, expired or revoked.</param>
/// <param name="Labels">Given to the host that uses it, on all its series.</param>
/// <param name="MayReplace">It may enrol anew a host that is enrolled already.</param>
/// <param name="CreatedBy">Who made it.</param>
/// <param name="Created">When.</param>
/// <param name="Expires">From then on it is refused.</param>
/// <param name="Used">When it was used; null when it was not.</param>
/// <param name="UsedByHostId">By which host; null when it was not.</param>
internal sealed record EnrolmentTokenResponse(
    string Id, string State, IReadOnlyDictionary<string, string> Labels, bool MayReplace, string CreatedBy, string Created, string Expires, string? Used, string? UsedByHostId)
{
    /// <summary>Translates.</summary>
    public static EnrolmentTokenResponse From(TokenView token) => new(
        token.Id, token.State, token.Labels, token.MayReplace, token.CreatedBy, ApiTime.Format(token.CreatedUnixMs), ApiTime.Format(token.ExpiresUnixMs),
        ApiTime.FormatOrNull(token.UsedUnixMs ?? 0), token.UsedByHostId);
}
