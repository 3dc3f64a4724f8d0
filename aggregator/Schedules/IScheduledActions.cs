namespace HostAgent.Aggregator.Schedules;

/// <summary>Starts what schedules are for.</summary>
internal interface IScheduledActions
{
    /// <summary>Starts the schedule's command or runbook for one planned time; starting the same time again gives the same. The id of what runs.</summary>
    /// <exception cref="Commands.CommandException">It cannot be started.</exception>
    public Task<string> StartAsync(ScheduleRecord schedule, long plannedUnixMs);

    /// <summary>What was started is not over yet.</summary>
    public bool IsRunning(string started);

    /// <exception cref="Commands.CommandException">There is no such runbook.</exception>
    public void Check(ScheduleRecord schedule);
}
