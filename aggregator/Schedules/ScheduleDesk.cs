using HostAgent.Aggregator.Commands;

namespace HostAgent.Aggregator.Schedules;

/// <summary>Sets, shows and removes schedules and maintenance windows.</summary>
internal sealed class ScheduleDesk(ScheduleDocuments documents, IScheduledActions actions)
{
    /// <summary>All schedules with how far they have come, by name.</summary>
    public IReadOnlyList<(ScheduleRecord Schedule, ScheduleState State)> All() => [.. documents.Schedules().Select(s => (s, documents.State(s.Name)))];

    /// <summary>One schedule with its newest history.</summary>
    /// <exception cref="CommandException">There is none of this name.</exception>
    public (ScheduleRecord Schedule, ScheduleState State, IReadOnlyList<ScheduleRun> History) Get(string name)
    {
        ScheduleRecord schedule = documents.Schedules().FirstOrDefault(s => s.Name == name) ?? throw NoSuch("schedule", name);
        return (schedule, documents.State(name), [.. documents.History(name, 50)]);
    }

    /// <summary>Sets a schedule, new or not.</summary>
    /// <exception cref="CommandException">A member is wrong.</exception>
    public void Set(ScheduleRecord schedule)
    {
        CheckName(schedule.Name);
        CheckCalendar(schedule.At, schedule.Zone);
        if (schedule.JitterMs is < 0 or > 86_400_000)
        {
            throw CommandException.Invalid("jitter", "Jitter goes up to one day.");
        }

        if ((schedule.Runbook is null) == (schedule.Kind is null) || (schedule.Kind is not null && schedule.On is null))
        {
            throw CommandException.Invalid("kind", "A schedule runs either a command (kind and on) or a runbook.");
        }

        actions.Check(schedule);
        documents.Save(schedule);
    }

    /// <summary>Removes a schedule and its history.</summary>
    /// <exception cref="CommandException">There is none of this name.</exception>
    public void Remove(string name) => documents.Remove(Get(name).Schedule.Name);

    /// <summary>All maintenance windows, by name.</summary>
    public IReadOnlyList<MaintenanceWindow> Windows() => [.. documents.Windows()];

    /// <summary>Sets a maintenance window, new or not.</summary>
    /// <exception cref="CommandException">A member is wrong.</exception>
    public void Set(MaintenanceWindow window)
    {
        CheckName(window.Name);
        CheckCalendar(window.At, window.Zone);
        if (window.LengthMs is < 60_000 or > 7 * 86_400_000L)
        {
            throw CommandException.Invalid("length", "A maintenance window lasts from 1m to 7d.");
        }

        documents.Save(window);
    }

    /// <summary>Removes a maintenance window.</summary>
    /// <exception cref="CommandException">There is none of this name.</exception>
    public void RemoveWindow(string name)
        => documents.RemoveWindow(documents.Windows().FirstOrDefault(w => w.Name == name)?.Name ?? throw NoSuch("maintenance window", name));

    private static void CheckName(string name)
    {
        if (name.Length is 0 or > 64 || name.Any(static c => !char.IsAsciiLetterOrDigit(c) && c is not ('.' or '-' or '_')))
        {
            throw CommandException.Invalid("name", $"\"{name}\" is no name: 1 to 64 letters, digits, dots, dashes and underscores.");
        }
    }

    private static void CheckCalendar(string at, string zone)
    {
        try
        {
            _ = Calendar.Parse(at, zone);
        }
        catch (FormatException e)
        {
            throw CommandException.Invalid("at", e.Message + ".");
        }
    }

    private static CommandException NoSuch(string what, string name) => new(CommandFault.NotFound, $"There is no {what} called \"{name}\".");
}
