namespace HostAgent.Cli.Api;

/// <summary>Answer of POST /v1/enrolment-tokens.</summary>
internal sealed record CreatedEnrolmentToken(string Secret, EnrolmentTokenSummary Token);
