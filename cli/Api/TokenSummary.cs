namespace HostAgent.Cli.Api;

/// <summary>A token as GET /v1/tokens lists it.</summary>
internal sealed record TokenSummary(
    string Id, string Owner, string Role, IReadOnlyList<string> Scopes, string Purpose, string State, DateTimeOffset Created, string CreatedBy, DateTimeOffset Expires);
