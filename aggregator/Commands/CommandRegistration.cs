namespace HostAgent.Aggregator.Commands;

/// <summary>The services of this room.</summary>
internal static class CommandRegistration
{
    /// <summary>Services; the document store, the host directory, the query engine and the metrics come from their rooms.</summary>
    public static void AddCommands(this IServiceCollection services, CommandOptions options)
    {
        services.AddSingleton(options);
        services.AddSingleton<CommandDocuments>();
        services.AddSingleton<DocumentWriter>();
        services.AddSingleton<AgentCatalog>();
        services.AddSingleton<TargetResolver>();
        services.AddSingleton<CommandTable>();
        services.AddSingleton<CommandMeters>();
        services.AddSingleton<RolloutJudge>();
        services.AddSingleton<Dispatcher>();
        services.AddSingleton<ReportIntake>();
        services.AddSingleton<FitCheck>();
        services.AddSingleton<FleetBudget>();
        services.AddSingleton<CommandIntake>();
        services.AddSingleton<CommandDesk>();
        services.AddHostedService<CommandSweep>();
    }
}
