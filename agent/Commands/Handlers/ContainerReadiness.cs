using HostAgent.Agent.Containers;

namespace HostAgent.Agent.Commands.Handlers;

/// <summary>Waits until a container that was started is up: running for a while, and healthy when it has a health check.</summary>
internal static class ContainerReadiness
{
    private static readonly TimeSpan LookInterval = TimeSpan.FromMilliseconds(200);

    /// <summary>Returns the container and what is wrong with it; null when nothing is.</summary>
    public static async Task<(ContainerState State, string? Fault)> WaitAsync(
        EngineClient engine, string id, TimeSpan settle, TimeProvider time, CancellationToken cancellation)
    {
        long since = time.GetTimestamp();
        ContainerState first = await engine.InspectAsync(id, cancellation);
        ContainerState now = first;
        while (true)
        {
            if (!now.IsRunning)
            {
                return (now, $"it is {now.Status}, exit code {now.ExitCode}{(now.OomKilled ? ", killed for lack of memory" : "")}{(now.Error.Length > 0 ? ": " + now.Error : "")}");
            }

            if (now.StartedAt != first.StartedAt || now.Restarts > first.Restarts)
            {
                return (now, "it ended and the engine started it again");
            }

            if (now.Health == "unhealthy")
            {
                return (now, "its health check fails: " + Redaction.Clean(now.HealthOutput.Trim()));
            }

            if (now.Health is "" or "healthy" && time.GetElapsedTime(since) >= settle)
            {
                return (now, null);
            }

            await Task.Delay(LookInterval, time, cancellation);
            now = await engine.InspectAsync(id, cancellation);
        }
    }
}
