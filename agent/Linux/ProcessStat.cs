namespace HostAgent.Agent.Linux;

/// <summary>What /proc/PID/stat says of a process.</summary>
/// <param name="State">The state letter: R, S, D, Z, T, t, I, X.</param>
/// <param name="Parent">Number of its parent.</param>
/// <param name="IsKernelThread">It has no program and no memory of its own.</param>
/// <param name="CpuTicks">CPU time of all its threads, user and system, in <see cref="SysconfCall.ClockTicksPerSecond"/>.</param>
/// <param name="Threads">How many threads it has.</param>
/// <param name="StartTicks">When it started, in clock ticks after the boot: with the number it names a process for good.</param>
/// <param name="ResidentPages">Memory that is resident, in pages; the kernel's own fast count, which may be some pages off.</param>
internal readonly record struct ProcessStat(
    byte State, int Parent, bool IsKernelThread, long CpuTicks, long Threads, long StartTicks, long ResidentPages);
