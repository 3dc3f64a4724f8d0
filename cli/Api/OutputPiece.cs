namespace HostAgent.Cli.Api;

/// <summary>A piece of a host's output, as an event.</summary>
internal sealed record OutputPiece(string Id, string Name, string Text);
