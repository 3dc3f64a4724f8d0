namespace HostAgent.Aggregator.Schedules;

/// <summary>A time in which schedules hold still on some hosts, as it is stored.</summary>
/// <param name="Name">Its name.</param>
/// <param name="At">Calendar expression: when it begins.</param>
/// <param name="Zone">IANA time zone.</param>
/// <param name="LengthMs">How long it lasts.</param>
/// <param name="Schedules">Names of the schedules that are held; empty = all.</param>
/// <param name="On">Hosts whose alerts rest, see TargetResolver; null = none.</param>
/// <param name="Reason">Why.</param>
/// <param name="SetBy">Who set it last.</param>
public sealed record MaintenanceWindow(string Name, string At, string Zone, long LengthMs, IReadOnlyList<string> Schedules, string? On, string Reason, string SetBy)
{
    /// <summary>When the window that is open now ends; null when none is.</summary>
    public DateTimeOffset? OpenUntil(DateTimeOffset now)
    {
        // The last beginning that could still be open: windows of one calendar may overlap, the latest end counts.
        DateTimeOffset? end = null;
        DateTimeOffset from = now.AddMilliseconds(-LengthMs);
        foreach (DateTimeOffset begin in Calendar.Parse(At, Zone).Upcoming(from, 1000).TakeWhile(begin => begin <= now))
        {
            end = begin.AddMilliseconds(LengthMs);
        }

        return end;
    }

    /// <summary>It holds this schedule.</summary>
    public bool Holds(string schedule) => Schedules.Count == 0 || Schedules.Contains(schedule);
}
