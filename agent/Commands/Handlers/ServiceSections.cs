using System.Text;
using HostAgent.Agent.Systemd;

namespace HostAgent.Agent.Commands.Handlers;

/// <summary>The sections of a diagnosis that come from systemd.</summary>
internal static class ServiceSections
{
    /// <summary>Units that failed or are being restarted all the time, and how they ended.</summary>
    public static async Task<string> FailedAsync(HandlerSetup setup, CancellationToken cancellation)
    {
        await using SystemdClient systemd = await SystemdClient.ConnectAsync(setup.Roots, setup.Time, cancellation);
        var text = new StringBuilder();
        foreach ((string name, string active, string sub) in await systemd.ListAsync(["failed", "activating"], cancellation))
        {
            UnitState unit = await systemd.ReadAsync(name, cancellation);
            text.Append(name).Append(": ").Append(active).Append(" (").Append(sub).Append(") ").Append(unit.Result).Append(' ').Append(unit.ExitText).Append('\n');
        }

        return text.Length == 0 ? "none" : text.ToString();
    }

    /// <summary>One unit's state and last lines.</summary>
    public static async Task<string> UnitAsync(HandlerSetup setup, string name, int lines, CancellationToken cancellation)
    {
        await using SystemdClient systemd = await SystemdClient.ConnectAsync(setup.Roots, setup.Time, cancellation);
        UnitState unit = await systemd.ReadAsync(name, cancellation);
        var text = new StringBuilder();
        foreach ((string fact, string value) in UnitFacts.Of(unit))
        {
            text.Append(fact).Append('=').Append(value).Append('\n');
        }

        if (unit.MemoryBytes is { } bytes)
        {
            text.Append("memory_bytes=").Append(bytes).Append('\n');
        }

        return text.Append(await UnitLog.LastLinesAsync(setup, name, lines, cancellation)).ToString();
    }
}
