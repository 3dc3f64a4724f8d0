using System.Runtime.InteropServices;

namespace HostAgent.Agent.Linux;

/// <summary>pread(2).</summary>
internal static unsafe partial class PreadCall
{
    /// <summary>Reads up to the length of <paramref name="buffer"/> from <paramref name="offset"/>. Returns the bytes read, 0 at the
    /// end, or the negated errno.</summary>
    public static int Read(int descriptor, Span<byte> buffer, long offset)
    {
        fixed (byte* start = buffer)
        {
            while (true)
            {
                nint count = Native(descriptor, start, (nuint)buffer.Length, offset);
                if (count >= 0)
                {
                    return (int)count;
                }

                int errno = Errno.Last;
                if (errno != Errno.EINTR)
                {
                    return -errno;
                }
            }
        }
    }

    [LibraryImport("libc", EntryPoint = "pread", SetLastError = true)]
    private static partial nint Native(int descriptor, byte* buffer, nuint count, long offset);
}
