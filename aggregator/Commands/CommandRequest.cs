using System.Text.Json.Serialization;
using HostAgent.Aggregator.Hosts;

namespace HostAgent.Aggregator.Commands;

/// <summary>What somebody asks for, before anything is checked.</summary>
public sealed record CommandRequest
{
    /// <summary>Idempotency key and nonce, 32 lower-case hex digits; null = the aggregator chooses one.</summary>
    public string? Id { get; init; }

    /// <summary>Kind, for example <c>service.restart</c>.</summary>
    public required string Kind { get; init; }

    /// <summary>Arguments by name.</summary>
    public IReadOnlyDictionary<string, string> Args { get; init; } = new Dictionary<string, string>();

    /// <summary>Which hosts, see <see cref="TargetResolver"/>.</summary>
    public required string On { get; init; }

    /// <summary>How long it may wait; null = <see cref="CommandOptions.DefaultExpiry"/>. Not with <see cref="NotAfterUnixMs"/>.</summary>
    public TimeSpan? ExpiresIn { get; init; }

    /// <summary>The agent does not begin earlier; 0 = now.</summary>
    public long NotBeforeUnixMs { get; init; }

    /// <summary>The agent does not begin later; 0 = as <see cref="ExpiresIn"/> says.</summary>
    public long NotAfterUnixMs { get; init; }

    /// <summary>Time it may take once begun; 0 = the kind's default.</summary>
    public uint TimeoutMs { get; init; }

    /// <summary>What must hold on the host when it begins; empty = nothing.</summary>
    public string Precondition { get; init; } = "";

    /// <summary>Say what would be done, do nothing.</summary>
    public bool DryRun { get; init; }

    /// <summary>Leave out hosts that cannot or may not do it, instead of refusing the command.</summary>
    public bool SkipUnfit { get; init; }

    /// <summary>In which steps; null = all hosts at once.</summary>
    public RolloutPlan? Rollout { get; init; }

    /// <summary>Operators' signatures.</summary>
    public IReadOnlyList<SignatureRecord> Signatures { get; init; } = [];

    /// <summary>Who asks, for the journal and people.</summary>
    public required string RequestedBy { get; init; }

    /// <summary>The hosts on which who asks may act; null = on all.</summary>
    [JsonIgnore]
    public Predicate<HostView>? MayAct { get; init; }
}
