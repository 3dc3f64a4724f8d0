using System.Runtime.InteropServices;

namespace HostAgent.Agent.Linux;

/// <summary>unlinkat(2).</summary>
internal static partial class UnlinkAtCall
{
    /// <summary>Removes a name that is no directory. Returns 0, or the negated errno.</summary>
    public static int File(int directory, string name) => Native(directory, name, 0) == 0 ? 0 : -Errno.Last;

    [LibraryImport("libc", EntryPoint = "unlinkat", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Native(int directory, string name, int flags);
}
