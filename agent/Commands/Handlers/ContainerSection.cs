using System.Text;
using HostAgent.Agent.Containers;

namespace HostAgent.Agent.Commands.Handlers;

/// <summary>The section of a diagnosis that comes from the container engine.</summary>
internal static class ContainerSection
{
    private const int MostLogs = 20;

    /// <summary>All containers, and the last lines of those that are not well.</summary>
    public static async Task<string> ReadAsync(HandlerSetup setup, int lines, CancellationToken cancellation)
    {
        using EngineClient engine = EngineClient.Open(setup.Roots, setup.Time);
        var text = new StringBuilder("engine ").Append(await engine.VersionAsync(cancellation)).Append('\n');
        int logs = 0;
        foreach (ContainerState listed in await engine.ListAsync([], cancellation))
        {
            ContainerState container = await engine.InspectAsync(listed.Id, cancellation);
            text.Append(container.Name).Append(": ").Append(container.Status).Append(container.Health.Length > 0 ? $" ({container.Health})" : "")
                .Append(container.IsRunning ? "" : $", exit code {container.ExitCode}").Append(container.OomKilled ? ", killed for lack of memory" : "")
                .Append(", restarts ").Append(container.Restarts).Append(", ").Append(container.Image).Append(", started ").Append(container.StartedAt).Append('\n');
            if ((!container.IsRunning || container.Health == "unhealthy") && logs++ < MostLogs)
            {
                foreach (string line in (await engine.LogAsync(container, lines, cancellation)).Split('\n', StringSplitOptions.RemoveEmptyEntries))
                {
                    text.Append("    ").Append(line).Append('\n');
                }
            }
        }

        return text.ToString();
    }
}
