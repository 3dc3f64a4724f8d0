using HostAgent.Agent.Containers;

namespace HostAgent.Agent.Commands.Handlers;

/// <summary>A container's state as facts of a plan or an outcome.</summary>
internal static class ContainerFacts
{
    public static Facts Of(ContainerState container)
    {
        var facts = new Facts();
        facts.Set("id", container.Id);
        facts.Set("image", container.Image);
        facts.Set("status", container.Status);
        facts.Set("health", container.Health.Length > 0 ? container.Health : "none");
        facts.Set("exit_code", container.ExitCode);
        facts.Set("oom_killed", container.OomKilled);
        facts.Set("restarts", container.Restarts);
        facts.Set("started_at", container.StartedAt);
        facts.Set("pid", container.Pid);
        return facts;
    }

    /// <summary>A name or an id as the engine forms them.</summary>
    public static bool IsName(string text)
        => text.Length is > 0 and <= 255 && char.IsAsciiLetterOrDigit(text[0]) && text.All(static c => char.IsAsciiLetterOrDigit(c) || c is '_' or '.' or '-');
}
