using System.Runtime.InteropServices;

namespace HostAgent.Agent.Linux;

/// <summary>socket(2).</summary>
internal static partial class SocketCall
{
    private const int AfNetlink = 16;
    private const int SockRaw = 3;
    private const int CloseOnExec = 0x80000;

    /// <summary>Opens a netlink socket. Returns the descriptor, or the negated errno.</summary>
    public static int Netlink(int protocol)
    {
        int descriptor = Native(AfNetlink, SockRaw | CloseOnExec, protocol);
        return descriptor >= 0 ? descriptor : -Errno.Last;
    }

    [LibraryImport("libc", EntryPoint = "socket", SetLastError = true)]
    private static partial int Native(int family, int type, int protocol);
}
