namespace HostAgent.Cli.Api;

/// <summary>A token to show, and where it comes from.</summary>
/// <param name="Token">The secret.</param>
/// <param name="Source">For error messages.</param>
internal sealed record Credential(string Token, string Source);
