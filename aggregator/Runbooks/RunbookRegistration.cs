namespace HostAgent.Aggregator.Runbooks;

/// <summary>The services of this room.</summary>
internal static class RunbookRegistration
{
    /// <summary>Services; commands, queries and the document store come from their rooms.</summary>
    public static void AddRunbooks(this IServiceCollection services)
    {
        services.AddSingleton<RunbookDocuments>();
        services.AddSingleton<RunbookShelf>();
        services.AddSingleton<StepCommands>();
        services.AddSingleton<StepEngine>();
        services.AddSingleton<RunbookPlanner>();
        services.AddSingleton<RunbookRunner>();
        services.AddHostedService(static provider => provider.GetRequiredService<RunbookRunner>());
    }
}
