using HostAgent.Aggregator.Storage;

namespace HostAgent.Aggregator.Hosts;

/// <summary>A host as the aggregator knows it at one instant. All times are unix milliseconds of the aggregator's clock, except
/// <see cref="LastSampleUnixMs"/>, which is the host's own. A time of 0 means never.</summary>
public sealed record HostView
{
    /// <summary>Stable identity: 32 hex digits. The label <c>instance</c>.</summary>
    public required string Id { get; init; }

    /// <summary>Name for people. The label <c>host</c>.</summary>
    public required string Name { get; init; }

    /// <summary>Labels that the host's agent was configured with.</summary>
    public required LabelSet Labels { get; init; }

    /// <summary>Version of the agent, as its newest Hello said.</summary>
    public required string AgentVersion { get; init; }

    /// <summary>The kernel's boot id; changes when the host boots.</summary>
    public required string BootId { get; init; }

    /// <summary>First Hello ever.</summary>
    public required long FirstSeenUnixMs { get; init; }

    /// <summary>Newest message of any lane.</summary>
    public required long LastSeenUnixMs { get; init; }

    /// <summary>Time of the newest sample.</summary>
    public required long LastSampleUnixMs { get; init; }

    /// <summary>Whether it is heard from.</summary>
    public required Liveness Liveness { get; init; }

    /// <summary>Host's clock minus the aggregator's at the newest Hello, in milliseconds; transport time counts as skew.</summary>
    public required long ClockSkewMs { get; init; }

    /// <summary>The live lane is open.</summary>
    public required bool LiveLaneConnected { get; init; }

    /// <summary>The backfill lane is open: it is catching up.</summary>
    public required bool BackfillLaneConnected { get; init; }

    /// <summary>Series it is sending now, all lanes.</summary>
    public required int SeriesCount { get; init; }

    /// <summary>Epoch of the running (or last known) agent process.</summary>
    public required ulong Epoch { get; init; }

    /// <summary>Why the aggregator last refused something of this host, or null when it never has since the aggregator started.</summary>
    public string? LastRefusal { get; init; }

    /// <summary>When two machines use this identity (a clone): which one keeps it and what to do. Null: one does.</summary>
    public string? Duplicate { get; init; }
}
