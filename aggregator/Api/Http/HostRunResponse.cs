using System.Text;
using HostAgent.Aggregator.Commands;
using HostAgent.Protos.Commands;

namespace HostAgent.Aggregator.Api.Http;

/// <summary>How a command fares on one host. Times are RFC 3339 in UTC, null when the thing never happened.</summary>
internal sealed record HostRunResponse
{
    /// <summary>Host id.</summary>
    public required string Id { get; init; }

    /// <summary>Host name when the command was accepted.</summary>
    public required string Name { get; init; }

    /// <summary>pending, delivered, running, succeeded, failed, timed_out, expired, cancelled, rejected, undeliverable or unknown-reconciled.</summary>
    public required string State { get; init; }

    /// <summary>The state is final.</summary>
    public required bool Final { get; init; }

    /// <summary>The agent has been silent for longer than the command can take: what became of it is not known, until it reports.</summary>
    public required bool Overdue { get; init; }

    /// <summary>What was done, what was wrong, what to do.</summary>
    public required string Message { get; init; }

    /// <summary>Of the work, 0 to 100.</summary>
    public required uint Percent { get; init; }

    /// <summary>When the order was handed to the agent's stream.</summary>
    public required string? Sent { get; init; }

    /// <summary>When the agent had it in its journal, by its clock.</summary>
    public required string? Delivered { get; init; }

    /// <summary>When it may have begun to act, by the agent's clock.</summary>
    public required string? Started { get; init; }

    /// <summary>When it ended.</summary>
    public required string? Ended { get; init; }

    /// <summary>Facts for programs.</summary>
    public required IReadOnlyDictionary<string, string>? Results { get; init; }

    /// <summary>Output so far; null unless asked for.</summary>
    public required string? Output { get; init; }

    /// <summary>Bytes of output kept.</summary>
    public required int OutputBytes { get; init; }

    /// <summary>There was more.</summary>
    public required bool OutputTruncated { get; init; }

    /// <summary>What the agent reported after the end that contradicts it.</summary>
    public required IReadOnlyList<LateReportResponse>? LateReports { get; init; }

    /// <summary>Translates; under the command's lock.</summary>
    public static HostRunResponse From(HostRun run, bool output) => new()
    {
        Id = run.HostId,
        Name = run.Name,
        State = run.Record.State.Word(),
        Final = run.IsFinal,
        Overdue = run.Record.Overdue,
        Message = run.Record.Message,
        Percent = run.Record.Percent,
        Sent = ApiTime.FormatOrNull(run.Record.SentUnixMs),
        Delivered = ApiTime.FormatOrNull(run.Record.DeliveredUnixMs),
        Started = ApiTime.FormatOrNull(run.Record.StartedUnixMs),
        Ended = ApiTime.FormatOrNull(run.Record.EndedUnixMs),
        Results = run.Record.Results,
        Output = output ? Encoding.UTF8.GetString(run.Output) : null,
        OutputBytes = run.OutputLength,
        OutputTruncated = run.Record.OutputTruncated,
        LateReports = run.Record.Late is { } late ? [.. late.Select(static l => new LateReportResponse(l.State.Word(), l.Message, ApiTime.Format(l.ReceivedUnixMs)))] : null,
    };
}
