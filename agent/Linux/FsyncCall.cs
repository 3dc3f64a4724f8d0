using System.Runtime.InteropServices;

namespace HostAgent.Agent.Linux;

/// <summary>fsync(2).</summary>
internal static partial class FsyncCall
{
    /// <summary>Makes the names in a directory durable, which fsync of the files in it alone does not. Returns 0, or the negated errno.</summary>
    public static int Directory(string path)
    {
        var descriptor = OpenCall.Directory(path);
        if (descriptor < 0)
        {
            return descriptor;
        }

        var result = Native(descriptor) == 0 ? 0 : -Errno.Last;
        CloseCall.Close(descriptor);
        return result;
    }

    /// <summary>Makes what an open file or directory holds durable. Returns 0, or the negated errno.</summary>
    public static int Descriptor(int descriptor) => Native(descriptor) == 0 ? 0 : -Errno.Last;

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    private static partial int Native(int descriptor);
}
