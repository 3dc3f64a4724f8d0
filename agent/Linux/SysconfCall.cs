using System.Runtime.InteropServices;

namespace HostAgent.Agent.Linux;

/// <summary>sysconf(3).</summary>
internal static partial class SysconfCall
{
    private const int ClockTicksName = 2; // _SC_CLK_TCK
    private const int OpenMaxName = 4;    // _SC_OPEN_MAX
    private const int PageSizeName = 30;  // _SC_PAGESIZE

    /// <summary>Ticks per second of the CPU times in procfs: 100 wherever Linux runs, but it is the kernel's to say.</summary>
    public static uint ClockTicksPerSecond { get; } = Positive(ClockTicksName, 100);

    /// <summary>Bytes in a page of memory.</summary>
    public static uint PageBytes { get; } = Positive(PageSizeName, 4096);

    /// <summary>Descriptors that this process may have (RLIMIT_NOFILE).</summary>
    public static uint MaxDescriptors => Positive(OpenMaxName, 1024);

    private static uint Positive(int name, uint otherwise)
    {
        long value = Native(name);
        return value is > 0 and <= uint.MaxValue ? (uint)value : otherwise;
    }

    [LibraryImport("libc", EntryPoint = "sysconf")]
    private static partial nint Native(int name);
}
