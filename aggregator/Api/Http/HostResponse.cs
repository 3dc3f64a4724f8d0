using HostAgent.Aggregator.Hosts;

namespace HostAgent.Aggregator.Api.Http;

/// <summary>A host as the aggregator knows it. Times are RFC 3339 in UTC, null when the thing never happened.</summary>
internal sealed record HostResponse
{
    /// <summary>Stable identity: 32 hex digits. The label <c>instance</c>.</summary>
    public required string Id { get; init; }

    /// <summary>Name for people. The label <c>host</c>.</summary>
    public required string Name { get; init; }

    /// <summary>up, stale (connected but silent, or gone for moments) or down.</summary>
    public required string Liveness { get; init; }

    /// <summary>Labels that the host's agent was configured with.</summary>
    public required IReadOnlyDictionary<string, string> Labels { get; init; }

    /// <summary>Version of the agent.</summary>
    public required string AgentVersion { get; init; }

    /// <summary>The kernel's boot id; changes when the host boots.</summary>
    public required string BootId { get; init; }

    /// <summary>When the host first said hello, by the aggregator's clock.</summary>
    public required string? FirstSeen { get; init; }

    /// <summary>Newest message, by the aggregator's clock.</summary>
    public required string? LastSeen { get; init; }

    /// <summary>Time of the newest sample, by the host's clock.</summary>
    public required string? LastSample { get; init; }

    /// <summary>Host's clock minus the aggregator's, in milliseconds; transport time counts as skew.</summary>
    public required long ClockSkewMs { get; init; }

    /// <summary>Live samples are streaming in.</summary>
    public required bool LiveLaneConnected { get; init; }

    /// <summary>The host is catching up on samples it kept while the aggregator was away.</summary>
    public required bool BackfillLaneConnected { get; init; }

    /// <summary>Series it is sending now.</summary>
    public required int SeriesCount { get; init; }

    /// <summary>Names the running agent process; grows at every start of it.</summary>
    public required ulong Epoch { get; init; }

    /// <summary>Why the aggregator last refused something of this host; null when it has not since it started.</summary>
    public required string? LastRefusal { get; init; }

    /// <summary>When two machines use this identity, because one is a clone: which one keeps it and what to do. Null: one does.</summary>
    public required string? Duplicate { get; init; }

    /// <summary>Translates from the directory's view.</summary>
    public static HostResponse From(HostView host) => new()
    {
        Id = host.Id,
        Name = host.Name,
        Liveness = host.Liveness.ToString().ToLowerInvariant(),
        Labels = host.Labels.ToDictionary(label => label.Name, label => label.Value),
        AgentVersion = host.AgentVersion,
        BootId = host.BootId,
        FirstSeen = ApiTime.FormatOrNull(host.FirstSeenUnixMs),
        LastSeen = ApiTime.FormatOrNull(host.LastSeenUnixMs),
        LastSample = ApiTime.FormatOrNull(host.LastSampleUnixMs),
        ClockSkewMs = host.ClockSkewMs,
        LiveLaneConnected = host.LiveLaneConnected,
        BackfillLaneConnected = host.BackfillLaneConnected,
        SeriesCount = host.SeriesCount,
        Epoch = host.Epoch,
        LastRefusal = host.LastRefusal,
        Duplicate = host.Duplicate,
    };
}
