using System.Runtime.InteropServices;

namespace HostAgent.Agent.Linux;

/// <summary>clock_gettime(2), for the clocks that <see cref="TimeProvider"/> does not have.</summary>
internal static unsafe partial class ClockGettimeCall
{
    private const int Monotonic = 1;
    private const int ProcessCpuTime = 2;
    private const int ThreadCpuTime = 3;
    private const int BootTime = 7;

    /// <summary>How long this machine has been suspended since it started: what CLOCK_BOOTTIME counts and CLOCK_MONOTONIC does not.</summary>
    public static TimeSpan Suspended
    {
        get
        {
            // Read in this order the difference can only come out too large by the time between the two calls, never negative.
            long monotonic = Nanoseconds(Monotonic);
            return TimeSpan.FromTicks((Nanoseconds(BootTime) - monotonic) / 100);
        }
    }

    /// <summary>CPU time of this process, all threads, in nanoseconds.</summary>
    public static long ProcessCpuNanoseconds => Nanoseconds(ProcessCpuTime);

    /// <summary>CPU time of the calling thread: what something took, however busy the host is.</summary>
    public static TimeSpan ThreadCpu => TimeSpan.FromTicks(Nanoseconds(ThreadCpuTime) / 100);

    private static long Nanoseconds(int clock)
    {
        Timespec time;
        return Native(clock, &time) == 0 ? (time.Seconds * 1_000_000_000) + time.Nanoseconds : 0;
    }

    [LibraryImport("libc", EntryPoint = "clock_gettime")]
    private static partial int Native(int clock, Timespec* time);
}
