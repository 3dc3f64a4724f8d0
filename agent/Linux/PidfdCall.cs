using System.Runtime.InteropServices;

namespace HostAgent.Agent.Linux;

/// <summary>pidfd_open(2) and pidfd_send_signal(2), by number: older C libraries have no names for them. Linux 5.3 and newer.</summary>
internal static partial class PidfdCall
{
    // The same on every architecture since the numbers were unified (Linux 5.0).
    private const nint OpenNumber = 434;
    private const nint SendSignalNumber = 424;

    /// <summary>A descriptor that stands for this process and no later one with the same number. Returns it, or the negated errno.</summary>
    public static int Open(int pid)
    {
        nint descriptor = Native(OpenNumber, pid, 0, 0, 0);
        return descriptor >= 0 ? (int)descriptor : -Errno.Last;
    }

    /// <summary>Sends a signal; 0 only asks whether it could be sent. Returns 0, or the negated errno.</summary>
    public static int Send(int descriptor, int signal) => Native(SendSignalNumber, descriptor, signal, 0, 0) == 0 ? 0 : -Errno.Last;

    [LibraryImport("libc", EntryPoint = "syscall", SetLastError = true)]
    private static partial nint Native(nint number, nint first, nint second, nint third, nint fourth);
}
