using System.Runtime.InteropServices;

namespace HostAgent.Agent.Linux;

/// <summary>lseek(2).</summary>
internal static partial class LseekCall
{
    /// <summary>Goes back to the start of an open directory.</summary>
    public static void Rewind(int descriptor) => _ = Native(descriptor, 0, 0);

    [LibraryImport("libc", EntryPoint = "lseek")]
    private static partial long Native(int descriptor, long offset, int whence);
}
