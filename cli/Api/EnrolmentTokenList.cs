namespace HostAgent.Cli.Api;

/// <summary>Answer of GET /v1/enrolment-tokens.</summary>
internal sealed record EnrolmentTokenList(IReadOnlyList<EnrolmentTokenSummary> Tokens);
