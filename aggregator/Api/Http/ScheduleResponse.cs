using HostAgent.Aggregator.Schedules;

namespace HostAgent.Aggregator.Api.Http;

/// <summary>A schedule and how far it has come. Times are RFC 3339 in UTC.</summary>
internal sealed record ScheduleResponse
{
    /// <summary>Its name.</summary>
    public required string Name { get; init; }

    /// <summary>Calendar expression.</summary>
    public required string At { get; init; }

    /// <summary>IANA time zone.</summary>
    public required string Zone { get; init; }

    /// <summary>It is followed.</summary>
    public required bool Enabled { get; init; }

    /// <summary>skip or run-once.</summary>
    public required string Missed { get; init; }

    /// <summary>Longest delay by chance, in milliseconds.</summary>
    public required long JitterMs { get; init; }

    /// <summary>Kind of the command; null when it is a runbook.</summary>
    public required string? Kind { get; init; }

    /// <summary>Hosts of the command.</summary>
    public required string? On { get; init; }

    /// <summary>Arguments or parameters.</summary>
    public required IReadOnlyDictionary<string, string> Args { get; init; }

    /// <summary>Runbook; null when it is a command.</summary>
    public required string? Runbook { get; init; }

    /// <summary>Who set it last.</summary>
    public required string SetBy { get; init; }

    /// <summary>When it is due next; null when it is off.</summary>
    public required string? Next { get; init; }

    /// <summary>The newest times and what became of them; null in lists.</summary>
    public required IReadOnlyList<Run>? History { get; init; }

    /// <summary>Translates.</summary>
    public static ScheduleResponse From(ScheduleRecord schedule, ScheduleState state, IReadOnlyList<ScheduleRun>? history) => new()
    {
        Name = schedule.Name,
        At = schedule.At,
        Zone = schedule.Zone,
        Enabled = schedule.Enabled,
        Missed = schedule.Missed == MissedPolicy.RunOnce ? "run-once" : "skip",
        JitterMs = schedule.JitterMs,
        Kind = schedule.Kind,
        On = schedule.On,
        Args = schedule.Args,
        Runbook = schedule.Runbook,
        SetBy = schedule.SetBy,
        Next = Scheduler.NextOf(schedule, state) is { } next ? ApiTime.Format(next.ToUnixTimeMilliseconds()) : null,
        History = history is null ? null : [.. history.Select(static run => new Run(
            ApiTime.Format(run.PlannedUnixMs), ApiTime.Format(run.DecidedUnixMs), run.Outcome.ToString().ToLowerInvariant(), run.Started, run.Message))],
    };

    /// <summary>A time and what became of it.</summary>
    /// <param name="Planned">When it fell due.</param>
    /// <param name="Decided">When that was decided.</param>
    /// <param name="Outcome">started, overlapped, missed, held or refused.</param>
    /// <param name="Started">command/ID or runbook/ID; null = nothing.</param>
    /// <param name="Message">For people.</param>
    internal sealed record Run(string Planned, string Decided, string Outcome, string? Started, string Message);
}
