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

    /// <summary>Opens or makes a file in an open directory; the name itself is never followed when it is a symbolic link. Returns the descriptor, or the
    /// negated errno (ELOOP for a link).</summary>
    /// <param name="directory">An open directory.</param>
    /// <param name="name">One name, or a relative path whose last part alone is not followed.</param>
    /// <param name="flags">Of open(2), besides O_CLOEXEC and O_NOFOLLOW.</param>
    /// <param name="mode">Permissions of a file that is made.</param>
    public static int NoFollow(int directory, string name, int flags, uint mode = 0)
    {
        while (true)
        {
            int descriptor = NativeMode(directory, name, flags | CloseOnExec | OpenFlags.NoFollow, mode);
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

    [LibraryImport("libc", EntryPoint = "openat", SetLastError = true)]
    private static partial int Native(int directory, byte* path, int flags);

    [LibraryImport("libc", EntryPoint = "openat", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int NativeMode(int directory, string path, int flags, uint mode);
}
