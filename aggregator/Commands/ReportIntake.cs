using HostAgent.Protos.Commands;
using HostAgent.V1;

namespace HostAgent.Aggregator.Commands;

/// <summary>What agents report: a final state is set once; what comes later and says otherwise is kept beside it.</summary>
internal sealed partial class ReportIntake(
    CommandTable table, Dispatcher dispatcher, CommandMeters meters, CommandOptions options, TimeProvider time, ILogger<ReportIntake> log)
{
    /// <summary>Takes a report. Completes when it is durable and may be acknowledged; progress is never durable.</summary>
    public Task TakeAsync(string hostId, CommandReport report)
    {
        lock (table.Gate)
        {
            Command? command = report.Sequence == 0 ? table.ActiveOf(report.CommandId) : table.Find(report.CommandId);
            if (command?.Run(hostId) is not { } run)
            {
                // Forgotten long ago, or never ours. Without an ack the agent would repeat it for ever.
                if (report.Sequence != 0)
                {
                    LogUnknown(hostId, report.CommandId, report.State.Word());
                }

                return Task.CompletedTask;
            }

            long now = time.GetUtcNow().ToUnixTimeMilliseconds();
            if (report.Sequence == 0)
            {
                Progress(command, run, report);
                return Task.CompletedTask;
            }

            if (After(command, run, report, now) is { } next)
            {
                command.Set(run, next);
                if (run.IsFinal)
                {
                    AppendOutput(command, run, report);
                }
            }

            Task durable = run.Version == run.DurableVersion ? Task.CompletedTask : table.StoreAsync(command, [run], commandToo: false);
            if (run.IsFinal && table.ActiveOf(report.CommandId) is not null)
            {
                dispatcher.Advance(command);
            }

            return durable;
        }
    }

    // What the run is after the report; null = as before.
    private HostRunRecord? After(Command command, HostRun run, CommandReport report, long now)
    {
        HostRunRecord record = run.Record;
        if (run.IsFinal)
        {
            return report.State.IsFinal() && report.State != record.State ? Contradicted(command, run, report, now) : null;
        }

        if (report.State <= record.State || (!report.State.IsFinal() && report.State > CommandState.Running))
        {
            return null;
        }

        record = record with
        {
            State = report.State,
            Sent = true,
            Message = report.Message.Length > 0 ? Limited(report.Message) : record.Message,
            Percent = Math.Max(record.Percent, Math.Min(100, report.Percent)),
            DeliveredUnixMs = record.DeliveredUnixMs == 0 ? report.TimeUnixMs : record.DeliveredUnixMs,
            StartedUnixMs = report.State == CommandState.Running ? report.TimeUnixMs : record.StartedUnixMs,
        };
        if (!report.State.IsFinal())
        {
            return record;
        }

        meters.Ended(command.Record.Kind, report.State);
        return record with
        {
            EndedUnixMs = report.TimeUnixMs,
            Overdue = false,
            OutputTruncated = record.OutputTruncated || report.OutputTruncated,
            Results = report.Results.Count == 0 ? null : report.Results.Take(64).GroupBy(static r => r.Name).ToDictionary(static r => r.Key, static r => Limited(r.First().Value)),
        };
    }

    private HostRunRecord? Contradicted(Command command, HostRun run, CommandReport report, long now)
    {
        IReadOnlyList<LateReport> late = run.Record.Late ?? [];
        if (late.Count >= HostRunRecord.MaxLate || late.Any(known => known.State == report.State && known.Message == Limited(report.Message)))
        {
            return null;
        }

        LogContradiction(command.Record.Id, run.Name, run.Record.State.Word(), report.State.Word());
        return run.Record with { Late = [.. late, new LateReport(report.State, Limited(report.Message), now)] };
    }

    private void Progress(Command command, HostRun run, CommandReport report)
    {
        if (run.IsFinal)
        {
            return;
        }

        AppendOutput(command, run, report);
        command.Show(run, run.Record with
        {
            Percent = Math.Max(run.Record.Percent, Math.Min(100, report.Percent)),
            Message = report.Message.Length > 0 ? Limited(report.Message) : run.Record.Message,
            OutputTruncated = run.Record.OutputTruncated || report.OutputTruncated,
        });
    }

    private void AppendOutput(Command command, HostRun run, CommandReport report)
    {
        if (report.Output.Length == 0)
        {
            return;
        }

        int before = run.OutputLength;
        int room = Math.Min(options.MaxOutputBytesPerHost - run.OutputLength, options.MaxOutputBytesPerCommand - command.OutputBytes);
        bool whole = run.Append(report.Output.Span, room);
        command.OutputBytes += run.OutputLength - before;
        if (!whole)
        {
            command.Show(run, run.Record with { OutputTruncated = true });
        }
    }

    // An agent's words are stored and shown: they are bounded here, whatever it sends.
    private static string Limited(string text) => text.Length <= 2048 ? text : text[..2048] + "...";

    [LoggerMessage(Level = LogLevel.Warning, Message = "host {HostId} reports {State} for command {CommandId}, which is not one of its commands")]
    private partial void LogUnknown(string hostId, string commandId, string state);

    [LoggerMessage(Level = LogLevel.Warning, Message = "command {CommandId} ended on {Host} as {State}; its agent now says {Late}. The first stands, both are kept")]
    private partial void LogContradiction(string commandId, string host, string state, string late);
}
