namespace HostAgent.Cli.Api;

/// <summary>A command in the aggregator's answers.</summary>
internal sealed record CommandView(
    string Id,
    string Kind,
    IReadOnlyDictionary<string, string> Args,
    string On,
    string Phase,
    bool Settled,
    bool DryRun,
    bool Changes,
    string RequestedBy,
    DateTimeOffset Created,
    DateTimeOffset NotAfter,
    DateTimeOffset? Concluded,
    IReadOnlyList<string> SignedBy,
    uint SignaturesNeeded,
    string? Stopped,
    string? Cancelled,
    IReadOnlyDictionary<string, int> Counts,
    IReadOnlyList<HostRunView>? Hosts);
