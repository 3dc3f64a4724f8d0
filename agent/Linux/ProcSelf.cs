namespace HostAgent.Agent.Linux;

/// <summary>What the kernel says about this process.</summary>
internal static class ProcSelf
{
    /// <summary>CPU time of all threads since the start, in nanoseconds.</summary>
    public static long CpuNanoseconds => ClockGettimeCall.ProcessCpuNanoseconds;

    /// <summary>Resident pages from the text of /proc/self/statm.</summary>
    /// <remarks>proc_pid_statm(5): <c>size resident shared text lib data dt</c>, in pages.</remarks>
    public static bool TryResidentPages(ReadOnlySpan<byte> statm, out long pages)
    {
        pages = 0;
        return KernelText.IsWhole(statm) && KernelText.TakeNumber(ref statm, out _) && KernelText.TakeNumber(ref statm, out pages);
    }
}
