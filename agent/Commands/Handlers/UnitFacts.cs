using HostAgent.Agent.Systemd;

namespace HostAgent.Agent.Commands.Handlers;

/// <summary>A unit's state as facts of a plan or an outcome.</summary>
internal static class UnitFacts
{
    public static Facts Of(UnitState unit)
    {
        var facts = new Facts();
        facts.Set("load_state", unit.LoadState);
        facts.Set("active_state", unit.ActiveState);
        facts.Set("sub_state", unit.SubState);
        facts.Set("unit_file_state", unit.UnitFileState);
        facts.Set("need_daemon_reload", unit.NeedDaemonReload);
        facts.Set("invocation_id", unit.InvocationId);
        facts.Set("active_enter_unix_ms", unit.ActiveEnterUnixMs);
        facts.Set("state_change_unix_ms", unit.StateChangeUnixMs);
        facts.Set("fragment_path", unit.FragmentPath);
        facts.Set("drop_ins", string.Join(' ', unit.DropIns));
        if (unit.Result.Length > 0)
        {
            facts.Set("result", unit.Result);
            facts.Set("main_pid", unit.MainPid);
            facts.Set("exit", unit.ExitText);
            facts.Set("restarts", unit.Restarts);
        }

        return facts;
    }

    /// <summary>Why nothing can be done with the unit at all; null when something can.</summary>
    public static string? Fault(UnitState unit, string name) => unit.LoadState switch
    {
        "loaded" => null,
        "not-found" => $"there is no unit {name}",
        "masked" => $"{name} is masked: unmask it first (systemctl unmask {name})",
        _ => $"{name} cannot be loaded ({unit.LoadState}): see systemctl status {name} and systemd-analyze verify {unit.FragmentPath}",
    };
}
