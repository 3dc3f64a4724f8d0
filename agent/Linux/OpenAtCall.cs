using System.Runtime.InteropServices;

namespace HostAgent.Agent.Linux;

/// <summary>openat(2).</summary>
internal static unsafe partial class OpenAtCall
{
    private const int ReadOnly = 0;
    private const int CloseOnExec = 0x80000;

    /// <summary>Opens a file to read, relative to an open directory. Returns the descriptor, or the negated errno.</summary>
    /// <param name="directory">An open directory.</param>
    /// <param name="path">Relative path, ending in a zero byte.</param>
    public static int Read(int directory, ReadOnlySpan<byte> path)
    {
        fixed (byte* start = path)
        {
            while (true)
            {
                int descriptor = Native(directory, start, ReadOnly | CloseOnExec);
                if (descriptor >= 0)
                {
                    return descriptor;
                }

                int errno = Errno.Last;
                if (errno != Errno.EINTR)
                {
                    return -errno;
                }
            }
        }
    }

    [LibraryImport("libc", EntryPoint = "openat", SetLastError = true)]
    private static partial int Native(int directory, byte* path, int flags);
}
