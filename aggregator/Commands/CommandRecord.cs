using HostAgent.V1;

namespace HostAgent.Aggregator.Commands;

/// <summary>A command as it is stored; what its hosts make of it is in <see cref="HostRunRecord"/>s. Times are unix milliseconds.</summary>
public sealed record CommandRecord
{
    /// <summary>32 lower-case hex digits.</summary>
    public required string Id { get; init; }

    /// <summary>Kind.</summary>
    public required string Kind { get; init; }

    /// <summary>Arguments by name, ascending.</summary>
    public required SortedDictionary<string, string> Args { get; init; }

    /// <summary>The arguments that are not shown.</summary>
    public IReadOnlyList<string> SecretArgs { get; init; } = [];

    /// <summary>Host ids, ascending.</summary>
    public required IReadOnlyList<string> Targets { get; init; }

    /// <summary>Names of the hosts when the command was accepted, in the order of <see cref="Targets"/>.</summary>
    public required IReadOnlyList<string> Names { get; init; }

    /// <summary>How the targets were asked for.</summary>
    public required string On { get; init; }

    /// <summary>The agent does not begin earlier.</summary>
    public required long NotBeforeUnixMs { get; init; }

    /// <summary>The agent does not begin later.</summary>
    public required long NotAfterUnixMs { get; init; }

    /// <summary>As signed: 0 = the kind's default.</summary>
    public uint TimeoutMs { get; init; }

    /// <summary>The longest time a run can take, with the agents' defaults.</summary>
    public uint LongestMs { get; init; }

    /// <summary>What must hold on the host.</summary>
    public string Precondition { get; init; } = "";

    /// <summary>Say what would be done, do nothing.</summary>
    public bool DryRun { get; init; }

    /// <summary>The kind changes something.</summary>
    public bool Changes { get; init; }

    /// <summary>Operators that have signed.</summary>
    public IReadOnlyList<SignatureRecord> Signatures { get; init; } = [];

    /// <summary>Different operators that have to sign before the agents would do it.</summary>
    public uint SignaturesNeeded { get; init; }

    /// <summary>Who asked.</summary>
    public required string RequestedBy { get; init; }

    /// <summary>When it was accepted.</summary>
    public required long CreatedUnixMs { get; init; }

    /// <summary>When every host had its final state; 0 = not yet.</summary>
    public long ConcludedUnixMs { get; init; }

    /// <summary>SHA-256 of what was asked: tells a repeated request from another one with the same id.</summary>
    public required string Fingerprint { get; init; }

    /// <summary>In which steps; null = all hosts at once.</summary>
    public RolloutPlan? Rollout { get; init; }

    /// <summary>The batch that is being worked on, from 0.</summary>
    public int Batch { get; init; }

    /// <summary>Why nothing more is sent; null = it goes on.</summary>
    public string? Stopped { get; init; }

    /// <summary>Somebody wants it ended: who and why; null = nobody.</summary>
    public string? Cancelled { get; init; }

    /// <summary>Where it stands.</summary>
    public CommandPhase Phase { get; init; } = CommandPhase.Open;

    /// <summary>Hosts whose orders went out with the acceptance itself: their <see cref="HostRunRecord.Sent"/> is durable here.</summary>
    public IReadOnlyList<string> FirstWave { get; init; } = [];

    /// <summary>What agents are asked and operators sign.</summary>
    public OrderBody Order()
    {
        var order = new OrderBody
        {
            CommandId = Id,
            Kind = Kind,
            NotBeforeUnixMs = NotBeforeUnixMs,
            NotAfterUnixMs = NotAfterUnixMs,
            TimeoutMs = TimeoutMs,
            Precondition = Precondition,
            DryRun = DryRun,
        };
        order.Args.AddRange(Args.OrderBy(static a => a.Key, StringComparer.Ordinal).Select(static a => new Arg { Name = a.Key, Value = a.Value }));
        order.Targets.AddRange(Targets);
        return order;
    }
}
