namespace HostAgent.Cli.Api;

/// <summary>Why something is cancelled.</summary>
internal sealed record CancelAsk(string Reason);
