using System.Runtime.InteropServices;

namespace HostAgent.Agent.Linux;

/// <summary>madvise(2).</summary>
internal static partial class MadviseCall
{
    private const int MadvDontNeed = 4;

    /// <summary>Drops the pages of an unmodified file mapping from this process: the next access finds them in the page cache. Modified
    /// pages would be lost. Returns 0, or the negated errno.</summary>
    public static int DontNeed(nint start, nint length) => Native(start, length, MadvDontNeed) == 0 ? 0 : -Errno.Last;

    [LibraryImport("libc", EntryPoint = "madvise", SetLastError = true)]
    private static partial int Native(nint start, nint length, int advice);
}
