namespace HostAgent.Cli.Api;

/// <summary>Answer of GET /v1/hosts/{id}/account.</summary>
internal sealed record Account(
    string HostId,
    string HostName,
    string From,
    string To,
    ulong ProducedFrames,
    ulong PresentFrames,
    ulong LateFrames,
    ulong DroppedFrames,
    ulong MissingFrames,
    ulong DuplicateFrames,
    int CrashGaps,
    IReadOnlyList<AccountInterval> Intervals);
