using System.Globalization;

namespace HostAgent.Agent.Systemd;

/// <summary>What systemd says about a unit: the properties of org.freedesktop.systemd1.Unit and, for a service, of its Service interface.</summary>
internal sealed class UnitState(IReadOnlyDictionary<string, object> properties)
{
    private const string NoJob = "/";

    public string Id => Text("Id");

    public string LoadState => Text("LoadState");

    public string ActiveState => Text("ActiveState");

    public string SubState => Text("SubState");

    public string UnitFileState => Text("UnitFileState");

    public string FragmentPath => Text("FragmentPath");

    public bool NeedDaemonReload => Flag("NeedDaemonReload");

    public bool CanReload => Flag("CanReload");

    public bool RefusesManualStart => Flag("RefuseManualStart");

    public bool RefusesManualStop => Flag("RefuseManualStop");

    /// <summary>Why it ended: success, exit-code, signal, timeout, oom-kill, start-limit-hit ...; empty when the unit is no service.</summary>
    public string Result => Text("Result");

    /// <summary>simple, notify, oneshot ...; empty when the unit is no service.</summary>
    public string ServiceType => Text("Type");

    public long MainPid => Number("MainPID");

    /// <summary>How the main process ended, as a CLD_ code: 1 exited, 2 killed, 3 dumped.</summary>
    public long ExecMainCode => Number("ExecMainCode");

    /// <summary>Its exit code or the signal's number.</summary>
    public long ExecMainStatus => Number("ExecMainStatus");

    public long Restarts => Number("NRestarts");

    /// <summary>32 hex digits, new at every start; empty when it has never run.</summary>
    public string InvocationId => properties.GetValueOrDefault("InvocationID") is byte[] { Length: 16 } id ? Convert.ToHexStringLower(id) : "";

    /// <summary>When it became active last, unix milliseconds; 0 when never.</summary>
    public long ActiveEnterUnixMs => Microseconds("ActiveEnterTimestamp") / 1000;

    /// <summary>When it changed its state last, unix milliseconds; 0 when never.</summary>
    public long StateChangeUnixMs => Microseconds("StateChangeTimestamp") / 1000;

    /// <summary>A job for it is queued or under way.</summary>
    public bool HasJob => properties.GetValueOrDefault("Job") is object[] job && job is [.., string path] && path != NoJob;

    public IReadOnlyList<string> DropIns => Texts("DropInPaths");

    /// <summary>Units that stop when this one stops.</summary>
    public IReadOnlyList<string> StopWithIt => [.. Texts("RequiredBy").Concat(Texts("BoundBy")).Concat(Texts("ConsistsOf")).Distinct().Order(StringComparer.Ordinal)];

    /// <summary>Bytes of memory that its processes use; null when it is not accounted.</summary>
    public long? MemoryBytes => properties.GetValueOrDefault("MemoryCurrent") is ulong bytes and < long.MaxValue ? (long)bytes : null;

    /// <summary>How its main process ended, for people: "exit code 3", "signal 9"; empty when it has not.</summary>
    public string ExitText => ExecMainCode switch
    {
        1 => "exit code " + ExecMainStatus.ToString(CultureInfo.InvariantCulture),
        2 => "signal " + ExecMainStatus.ToString(CultureInfo.InvariantCulture),
        3 => $"signal {ExecMainStatus} with a core dump",
        _ => "",
    };

    private string Text(string name) => properties.GetValueOrDefault(name) as string ?? "";

    private bool Flag(string name) => properties.GetValueOrDefault(name) is true;

    private long Number(string name) => properties.GetValueOrDefault(name) is long number ? number : 0;

    private long Microseconds(string name) => properties.GetValueOrDefault(name) is ulong number and < long.MaxValue ? (long)number : 0;

    private string[] Texts(string name) => properties.GetValueOrDefault(name) is object[] values ? [.. values.OfType<string>()] : [];
}
