using System.Runtime.InteropServices;

namespace HostAgent.Agent.Linux;

/// <summary>fchown(2).</summary>
internal static partial class FchownCall
{
    /// <summary>Gives an open file an owner and a group. Returns 0, or the negated errno.</summary>
    public static int Set(int descriptor, uint uid, uint gid) => Native(descriptor, uid, gid) == 0 ? 0 : -Errno.Last;

    [LibraryImport("libc", EntryPoint = "fchown", SetLastError = true)]
    private static partial int Native(int descriptor, uint uid, uint gid);
}
