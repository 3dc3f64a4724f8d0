namespace HostAgent.Cli.Api;

/// <summary>Body of POST /v1/hosts/{id}/revoke.</summary>
internal sealed record RevokeHost(string Reason);
