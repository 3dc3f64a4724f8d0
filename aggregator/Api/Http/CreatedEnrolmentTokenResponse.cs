namespace HostAgent.Aggregator.Api.Http;

/// <summary>Answer of POST /v1/enrolment-tokens.</summary>
/// <param name="Secret">The token for hostagent enrol. It is said this once and stored nowhere.</param>
/// <param name="Token">What is stored of it.</param>
internal sealed record CreatedEnrolmentTokenResponse(string Secret, EnrolmentTokenResponse Token);
