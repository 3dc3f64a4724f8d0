using HostAgent.Agent.Linux;

namespace HostAgent.Agent.Commands;

/// <summary>What every handler may use.</summary>
/// <param name="Roots">Where /proc, /sys and the rest of the file system are.</param>
/// <param name="Runner">The only way to start a program.</param>
/// <param name="Time">The clock.</param>
internal sealed record HandlerSetup(LinuxRoots Roots, ProcessRunner Runner, TimeProvider Time);
