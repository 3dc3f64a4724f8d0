namespace HostAgent.Agent.Sampling.Processes;

/// <summary>By what a process belongs to a group.</summary>
internal enum GroupRuleKind
{
    /// <summary>Its name, at most 15 bytes of it (proc_pid_comm(5)).</summary>
    Name,

    /// <summary>Its arguments, joined by blanks.</summary>
    Argv,

    /// <summary>The path of its control group.</summary>
    Cgroup,

    /// <summary>A systemd unit, through the control group.</summary>
    Unit,

    /// <summary>Its number stands in a file.</summary>
    PidFile,
}
