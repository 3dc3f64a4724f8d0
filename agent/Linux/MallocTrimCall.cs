using System.Runtime.InteropServices;

namespace HostAgent.Agent.Linux;

/// <summary>malloc_trim(3).</summary>
internal static partial class MallocTrimCall
{
    /// <summary>Gives free memory of the C heap (TLS handshakes leave a megabyte) back to the kernel. Does nothing where libc has no such call.</summary>
    public static void Trim()
    {
        try
        {
            _ = Native(0);
        }
        catch (EntryPointNotFoundException)
        {
            // musl keeps nothing to trim.
        }
    }

    [LibraryImport("libc", EntryPoint = "malloc_trim")]
    private static partial int Native(nint keepBytes);
}
