using System.Runtime.InteropServices;

namespace HostAgent.Agent.Linux;

/// <summary>send(2).</summary>
internal static unsafe partial class SendCall
{
    /// <summary>Sends one datagram. Returns the bytes sent, or the negated errno.</summary>
    public static int Send(int socket, ReadOnlySpan<byte> datagram)
    {
        fixed (byte* start = datagram)
        {
            while (true)
            {
                nint count = Native(socket, start, (nuint)datagram.Length, 0);
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

    [LibraryImport("libc", EntryPoint = "send", SetLastError = true)]
    private static partial nint Native(int socket, byte* bytes, nuint count, int flags);
}
