namespace HostAgent.Cli.Api;

/// <summary>An enrolment token as GET /v1/enrolment-tokens lists it.</summary>
internal sealed record EnrolmentTokenSummary(
    string Id, string State, IReadOnlyDictionary<string, string> Labels, bool MayReplace, string CreatedBy, DateTimeOffset Expires, string? UsedByHostId = null);
