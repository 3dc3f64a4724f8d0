using System.Runtime.InteropServices;

namespace HostAgent.Agent.Linux;

/// <summary>geteuid(2).</summary>
internal static partial class GeteuidCall
{
    /// <summary>The user whose rights this process has; it cannot fail.</summary>
    [LibraryImport("libc", EntryPoint = "geteuid")]
    public static partial uint Get();
}
