using HostAgent.Aggregator.Runbooks;

namespace HostAgent.Aggregator.Api.Http;

/// <summary>A run of a runbook. Times are RFC 3339 in UTC, null when the thing never happened.</summary>
internal sealed record RunbookRunResponse
{
    /// <summary>32 hex digits.</summary>
    public required string Id { get; init; }

    /// <summary>Name of the runbook.</summary>
    public required string Runbook { get; init; }

    /// <summary>Its parameters.</summary>
    public required IReadOnlyDictionary<string, string> Args { get; init; }

    /// <summary>Who started it.</summary>
    public required string RequestedBy { get; init; }

    /// <summary>When it was started.</summary>
    public required string Created { get; init; }

    /// <summary>When it ended.</summary>
    public required string? Ended { get; init; }

    /// <summary>running, approval, rollingback, succeeded, failed or cancelled.</summary>
    public required string State { get; init; }

    /// <summary>It is over.</summary>
    public required bool Over { get; init; }

    /// <summary>Who cancelled it and why; null when nobody has.</summary>
    public required string? Cancelled { get; init; }

    /// <summary>Every step.</summary>
    public required IReadOnlyList<Step> Steps { get; init; }

    /// <summary>Translates.</summary>
    public static RunbookRunResponse From(RunbookRun run)
    {
        Runbook runbook = RunbookParser.Parse(run.Yaml);
        return new RunbookRunResponse
        {
            Id = run.Id,
            Runbook = run.Runbook,
            Args = run.Args,
            RequestedBy = run.RequestedBy,
            Created = ApiTime.Format(run.CreatedUnixMs),
            Ended = ApiTime.FormatOrNull(run.EndedUnixMs),
            State = run.State.ToString().ToLowerInvariant(),
            Over = run.IsOver,
            Cancelled = run.Cancelled,
            Steps = [.. run.Steps.Select((step, i) => new Step(
                runbook.Step(i, run.Args).Name, step.State.ToString().ToLowerInvariant(), step.Message, step.Attempt, step.CommandId,
                ApiTime.FormatOrNull(step.StartedUnixMs), ApiTime.FormatOrNull(step.EndedUnixMs)))],
        };
    }

    /// <summary>A step.</summary>
    /// <param name="Name">For people.</param>
    /// <param name="State">waiting, running, succeeded, failed, skipped, rolledback or rollbackfailed.</param>
    /// <param name="Message">What happened.</param>
    /// <param name="Attempt">Which try, from 1; 0 = none yet.</param>
    /// <param name="Command">Id of its command.</param>
    /// <param name="Started">When it began.</param>
    /// <param name="Ended">When it ended.</param>
    internal sealed record Step(string Name, string State, string Message, int Attempt, string? Command, string? Started, string? Ended);
}
