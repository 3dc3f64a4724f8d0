using HostAgent.Aggregator.Commands;
using HostAgent.Protos.Commands;

namespace HostAgent.Aggregator.Api.Http;

/// <summary>A command and how it fares. Times are RFC 3339 in UTC, null when the thing never happened.</summary>
internal sealed record CommandResponse
{
    /// <summary>32 hex digits.</summary>
    public required string Id { get; init; }

    /// <summary>Kind.</summary>
    public required string Kind { get; init; }

    /// <summary>Arguments; secret ones are hidden.</summary>
    public required IReadOnlyDictionary<string, string> Args { get; init; }

    /// <summary>How the targets were asked for.</summary>
    public required string On { get; init; }

    /// <summary>pending-approval, open or concluded.</summary>
    public required string Phase { get; init; }

    /// <summary>Every run has ended, or is overdue: nothing more is expected soon.</summary>
    public required bool Settled { get; init; }

    /// <summary>It only says what it would do.</summary>
    public required bool DryRun { get; init; }

    /// <summary>The kind changes something.</summary>
    public required bool Changes { get; init; }

    /// <summary>Who asked.</summary>
    public required string RequestedBy { get; init; }

    /// <summary>When it was accepted.</summary>
    public required string Created { get; init; }

    /// <summary>Agents do not begin earlier.</summary>
    public required string NotBefore { get; init; }

    /// <summary>Agents do not begin later.</summary>
    public required string NotAfter { get; init; }

    /// <summary>When every host had its final state.</summary>
    public required string? Concluded { get; init; }

    /// <summary>Operators who have signed.</summary>
    public required IReadOnlyList<string> SignedBy { get; init; }

    /// <summary>Different operators who have to sign.</summary>
    public required uint SignaturesNeeded { get; init; }

    /// <summary>Why nothing more is sent; null when it goes on.</summary>
    public required string? Stopped { get; init; }

    /// <summary>Who cancelled it and why; null when nobody has.</summary>
    public required string? Cancelled { get; init; }

    /// <summary>Hosts in each state; hosts that are overdue count as such and not in their state.</summary>
    public required IReadOnlyDictionary<string, int> Counts { get; init; }

    /// <summary>Each host; null in lists of commands.</summary>
    public required IReadOnlyList<HostRunResponse>? Hosts { get; init; }

    /// <summary>Translates; under the command's lock.</summary>
    public static CommandResponse From(Command command, bool hosts, bool output)
    {
        CommandRecord record = command.Record;
        return new CommandResponse
        {
            Id = record.Id,
            Kind = record.Kind,
            Args = record.Args.ToDictionary(static a => a.Key, a => record.SecretArgs.Contains(a.Key) ? "(hidden)" : a.Value),
            On = record.On,
            Phase = record.Phase switch { CommandPhase.PendingApproval => "pending-approval", CommandPhase.Open => "open", _ => "concluded" },
            Settled = command.IsSettled,
            DryRun = record.DryRun,
            Changes = record.Changes,
            RequestedBy = record.RequestedBy,
            Created = ApiTime.Format(record.CreatedUnixMs),
            NotBefore = ApiTime.Format(record.NotBeforeUnixMs),
            NotAfter = ApiTime.Format(record.NotAfterUnixMs),
            Concluded = ApiTime.FormatOrNull(record.ConcludedUnixMs),
            SignedBy = [.. record.Signatures.Select(static s => s.Operator)],
            SignaturesNeeded = record.SignaturesNeeded,
            Stopped = record.Stopped,
            Cancelled = record.Cancelled,
            Counts = command.Runs.GroupBy(static run => run.Record.Overdue ? "overdue" : run.Record.State.Word()).ToDictionary(static g => g.Key, static g => g.Count()),
            Hosts = hosts ? [.. command.Runs.Select(run => HostRunResponse.From(run, output))] : null,
        };
    }
}
