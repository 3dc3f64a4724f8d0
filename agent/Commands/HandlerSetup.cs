using HostAgent.Agent.Linux;

namespace HostAgent.Agent.Commands;

/// <summary>What every handler may use.</summary>
/// <param name="Roots">Where /proc, /sys and the rest of the file system are.</param>
/// <param name="Runner">The only way to start a program.</param>
/// <param name="Time">The clock.</param>
internal sealed record HandlerSetup(LinuxRoots Roots, ProcessRunner Runner, TimeProvider Time)
{
    /// <summary>What the host's settings declare, as they are now: they may be read anew while the agent runs.</summary>
    public Func<LocalTargets> Targets { get; init; } = static () => new LocalTargets();

    /// <summary>The running agent; null where no agent runs (a dry run from the command line).</summary>
    public IAgentControl? Agent { get; init; }

    /// <summary>Directory with one public key of an operator per file, NAME.pem; null when there is none.</summary>
    public string? OperatorsDirectory { get; init; }
}
