namespace HostAgent.Aggregator.Api.Http;

/// <summary>Body of POST /v1/enrolment-tokens.</summary>
/// <param name="Labels">Labels of the host that uses it, added to all its series; the host cannot change them.</param>
/// <param name="ExpiresIn">How long it is good for, such as 1h; default 1h, at most 30d.</param>
/// <param name="MayReplace">It may enrol anew a host that is enrolled already, such as one that was installed anew. Default false.</param>
internal sealed record CreateEnrolmentTokenRequest(IReadOnlyDictionary<string, string>? Labels = null, string? ExpiresIn = null, bool MayReplace = false);
