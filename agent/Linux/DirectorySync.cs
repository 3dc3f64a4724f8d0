using System.Runtime.InteropServices;

namespace HostAgent.Agent.Linux;

/// <summary>fsync(2) of a directory: makes the names in it durable, which fsync of the files alone does not.</summary>
internal static partial class DirectorySync
{
    private const int CloseOnExec = 0x80000;

    /// <exception cref="IOException">The directory cannot be opened or synced.</exception>
    public static void Flush(string path)
    {
        var descriptor = Open(path, CloseOnExec);
        if (descriptor < 0)
        {
            throw new IOException($"cannot open directory {path}: {Marshal.GetPInvokeErrorMessage(Marshal.GetLastPInvokeError())}");
        }

        var result = Fsync(descriptor);
        var errno = Marshal.GetLastPInvokeError();
        _ = Close(descriptor);
        if (result != 0)
        {
            throw new IOException($"cannot sync directory {path}: {Marshal.GetPInvokeErrorMessage(errno)}");
        }
    }

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    private static partial int Fsync(int descriptor);

    [LibraryImport("libc", EntryPoint = "close")]
    private static partial int Close(int descriptor);
}
