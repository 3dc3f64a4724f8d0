using HostAgent.Aggregator.Commands;

namespace HostAgent.Aggregator.Api.Http;

/// <summary>Exactly what operators sign: every field of an order. protos/Commands/FORMAT.md says how its bytes are built.</summary>
internal sealed record OrderResponse
{
    /// <summary>Command id.</summary>
    public required string CommandId { get; init; }

    /// <summary>Kind.</summary>
    public required string Kind { get; init; }

    /// <summary>Arguments by name, secret ones too: who signs must see what.</summary>
    public required IReadOnlyDictionary<string, string> Args { get; init; }

    /// <summary>Host ids, ascending.</summary>
    public required IReadOnlyList<string> Targets { get; init; }

    /// <summary>Names of the hosts, in the order of the targets; not signed.</summary>
    public required IReadOnlyList<string> TargetNames { get; init; }

    /// <summary>Unix milliseconds.</summary>
    public required long NotBeforeUnixMs { get; init; }

    /// <summary>Unix milliseconds.</summary>
    public required long NotAfterUnixMs { get; init; }

    /// <summary>Milliseconds; 0 = the kind's default.</summary>
    public required uint TimeoutMs { get; init; }

    /// <summary>What must hold on the host.</summary>
    public required string Precondition { get; init; }

    /// <summary>Say what would be done, do nothing.</summary>
    public required bool DryRun { get; init; }

    /// <summary>Translates.</summary>
    public static OrderResponse From(CommandRecord record) => new()
    {
        CommandId = record.Id,
        Kind = record.Kind,
        Args = record.Args,
        Targets = record.Targets,
        TargetNames = record.Names,
        NotBeforeUnixMs = record.NotBeforeUnixMs,
        NotAfterUnixMs = record.NotAfterUnixMs,
        TimeoutMs = record.TimeoutMs,
        Precondition = record.Precondition,
        DryRun = record.DryRun,
    };
}
