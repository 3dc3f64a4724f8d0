using System.Runtime.InteropServices;

namespace HostAgent.Agent.Linux;

/// <summary>open(2).</summary>
internal static partial class OpenCall
{
    private const int ReadOnly = 0;
    private const int CloseOnExec = 0x80000;

    // O_DIRECTORY is one of the few flags that differ between architectures.
    private static readonly int DirectoryFlag = RuntimeInformation.ProcessArchitecture == Architecture.Arm64 ? 0x4000 : 0x10000;

    /// <summary>Opens a file to read. Returns the descriptor, or the negated errno.</summary>
    public static int Read(string path) => Open(path, ReadOnly | CloseOnExec);

    /// <summary>Opens a directory to list. Returns the descriptor, or the negated errno.</summary>
    public static int Directory(string path) => Open(path, ReadOnly | CloseOnExec | DirectoryFlag);

    private static int Open(string path, int flags)
    {
        while (true)
        {
            int descriptor = Native(path, flags);
            if (descriptor >= 0)
            {
                return descriptor;
            }

            int errno = Errno.Last;
            if (errno != Errno.EINTR)
            {
                return -errno;
            }
        }
    }

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Native(string path, int flags);
}
