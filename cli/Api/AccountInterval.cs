namespace HostAgent.Cli.Api;

/// <summary>A run of frames with the same outcome in the answer of GET /v1/hosts/{id}/account.</summary>
internal sealed record AccountInterval(string Outcome, DateTimeOffset FirstTime, DateTimeOffset LastTime, ulong Frames, ulong Samples);
