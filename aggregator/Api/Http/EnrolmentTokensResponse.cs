namespace HostAgent.Aggregator.Api.Http;

/// <summary>Answer of GET /v1/enrolment-tokens.</summary>
/// <param name="Tokens">Those that are active or were lately, the newest first.</param>
internal sealed record EnrolmentTokensResponse(IReadOnlyList<EnrolmentTokenResponse> Tokens);
