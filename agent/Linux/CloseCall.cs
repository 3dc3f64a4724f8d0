using System.Runtime.InteropServices;

namespace HostAgent.Agent.Linux;

/// <summary>close(2). Not retried after EINTR: Linux has closed the descriptor by then.</summary>
internal static partial class CloseCall
{
    public static void Close(int descriptor) => _ = Native(descriptor);

    [LibraryImport("libc", EntryPoint = "close")]
    private static partial int Native(int descriptor);
}
