using System.Runtime.InteropServices;

namespace HostAgent.Agent.Linux;

/// <summary>recv(2).</summary>
internal static unsafe partial class ReceiveCall
{
    /// <summary>Waits for a datagram and takes it. Returns its bytes, or the negated errno.</summary>
    public static int Receive(int socket, Span<byte> buffer)
    {
        fixed (byte* start = buffer)
        {
            while (true)
            {
                nint count = Native(socket, start, (nuint)buffer.Length, 0);
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

    [LibraryImport("libc", EntryPoint = "recv", SetLastError = true)]
    private static partial nint Native(int socket, byte* bytes, nuint count, int flags);
}
