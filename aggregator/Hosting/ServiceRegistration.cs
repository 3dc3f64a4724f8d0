namespace HostAgent.Aggregator.Hosting;

/// <summary>Registrations that the composition root repeats.</summary>
internal static class ServiceRegistration
{
    /// <summary>A singleton that is also started and stopped with the program.</summary>
    public static void AddHostedSingleton<T>(this IServiceCollection services)
        where T : class, IHostedService
    {
        services.AddSingleton<T>();
        services.AddHostedService(provider => provider.GetRequiredService<T>());
    }
}
