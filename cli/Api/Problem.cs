namespace HostAgent.Cli.Api;

/// <summary>The parts of a problem document (RFC 9457) that an operator reads.</summary>
internal sealed record Problem(string? Type = null, string? Title = null, string? Detail = null);
