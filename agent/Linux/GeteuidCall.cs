using System.Runtime.InteropServices;

namespace HostAgent.Agent.Linux;

/// <summary>geteuid(2), which cannot fail.</summary>
internal static partial class GeteuidCall
{
    [LibraryImport("libc", EntryPoint = "geteuid")]
    public static partial uint Get();
}
