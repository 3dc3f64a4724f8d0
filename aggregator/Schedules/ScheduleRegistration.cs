namespace HostAgent.Aggregator.Schedules;

/// <summary>The services of this room.</summary>
internal static class ScheduleRegistration
{
    /// <summary>Services; commands, runbooks and the document store come from their rooms.</summary>
    public static void AddSchedules(this IServiceCollection services)
    {
        services.AddSingleton<ScheduleDocuments>();
        services.AddSingleton<IScheduledActions, ScheduledActions>();
        services.AddSingleton<ScheduleDesk>();
        services.AddHostedService<Scheduler>();
    }
}
