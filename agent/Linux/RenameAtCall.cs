using System.Runtime.InteropServices;

namespace HostAgent.Agent.Linux;

/// <summary>renameat(2).</summary>
internal static partial class RenameAtCall
{
    /// <summary>Gives a file of an open directory another name in it, replacing what has that name. Returns 0, or the negated errno.</summary>
    public static int Within(int directory, string from, string to) => Native(directory, from, directory, to) == 0 ? 0 : -Errno.Last;

    [LibraryImport("libc", EntryPoint = "renameat", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Native(int fromDirectory, string from, int toDirectory, string to);
}
