namespace HostAgent.Cli.Api;

/// <summary>Body of POST /v1/enrolment-tokens.</summary>
internal sealed record NewEnrolmentToken(IReadOnlyDictionary<string, string> Labels, string? ExpiresIn, bool MayReplace);
