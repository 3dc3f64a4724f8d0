using System.Runtime.InteropServices;

namespace HostAgent.Agent.Linux;

/// <summary>eventfd(2): a descriptor that becomes readable when told, to end a wait in <see cref="PollCall"/>.</summary>
internal static partial class EventfdCall
{
    private const int CloseOnExec = 0x80000;
    private const int NonBlocking = 0x800;

    /// <summary>Makes one, not yet readable. Returns the descriptor, or the negated errno.</summary>
    public static int Create()
    {
        int descriptor = Native(0, CloseOnExec | NonBlocking);
        return descriptor >= 0 ? descriptor : -Errno.Last;
    }

    /// <summary>Makes it readable; it stays so.</summary>
    public static void Signal(int descriptor)
    {
        // A counter of eight bytes; whether it was readable before does not matter.
        _ = WriteCall.Write(descriptor, [1, 0, 0, 0, 0, 0, 0, 0]);
    }

    [LibraryImport("libc", EntryPoint = "eventfd", SetLastError = true)]
    private static partial int Native(uint initial, int flags);
}
