using System.Security.Cryptography;
using System.Text;
using HostAgent.Aggregator.Commands;
using HostAgent.Aggregator.Runbooks;

namespace HostAgent.Aggregator.Schedules;

/// <summary>Starts commands and runbooks for schedules. Their ids follow from name and time, so that a time that is started twice runs once.</summary>
internal sealed class ScheduledActions(CommandIntake intake, CommandDesk desk, RunbookRunner runbooks, RunbookShelf shelf) : IScheduledActions
{
    private const string CommandPrefix = "command/", RunbookPrefix = "runbook/";

    /// <summary>The id of what a planned time starts.</summary>
    public static string IdOf(string schedule, long plannedUnixMs)
        => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"schedule/{schedule}/{plannedUnixMs}")).AsSpan(0, 16));

    /// <inheritdoc/>
    public async Task<string> StartAsync(ScheduleRecord schedule, long plannedUnixMs)
    {
        string id = IdOf(schedule.Name, plannedUnixMs);
        if (schedule.Runbook is { } runbook)
        {
            await runbooks.StartRunAsync(id, runbook, schedule.Args, Who(schedule));
            return RunbookPrefix + id;
        }

        await intake.AcceptAsync(new CommandRequest
        {
            Id = id,
            Kind = schedule.Kind!,
            Args = schedule.Args,
            On = schedule.On!,
            ExpiresIn = schedule.ExpiresMs == 0 ? null : TimeSpan.FromMilliseconds(schedule.ExpiresMs),
            TimeoutMs = schedule.TimeoutMs,
            SkipUnfit = true, // one host whose policy forbids it must not keep all others from their backup
            RequestedBy = Who(schedule),
        });
        return CommandPrefix + id;
    }

    /// <inheritdoc/>
    public bool IsRunning(string started)
    {
        try
        {
            return started.StartsWith(RunbookPrefix, StringComparison.Ordinal)
                ? !runbooks.Get(started[RunbookPrefix.Length..]).IsOver
                : desk.Read(started[CommandPrefix.Length..], static command => !command.IsSettled);
        }
        catch (CommandException)
        {
            return false; // forgotten since
        }
    }

    /// <inheritdoc/>
    public void Check(ScheduleRecord schedule)
    {
        if (schedule.Runbook is { } runbook)
        {
            shelf.Get(runbook).Runbook.Complete(schedule.Args);
        }
    }

    private static string Who(ScheduleRecord schedule) => $"schedule {schedule.Name} ({schedule.SetBy})";
}
