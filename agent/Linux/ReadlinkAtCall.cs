using System.Runtime.InteropServices;

namespace HostAgent.Agent.Linux;

/// <summary>readlinkat(2).</summary>
internal static unsafe partial class ReadlinkAtCall
{
    /// <summary>Reads where a symbolic link points to, relative to an open directory. Returns the bytes read, or the negated errno.</summary>
    /// <param name="directory">An open directory.</param>
    /// <param name="path">Relative path, ending in a zero byte.</param>
    /// <param name="buffer">Where the target is put; a longer one is cut.</param>
    public static int Read(int directory, ReadOnlySpan<byte> path, Span<byte> buffer)
    {
        fixed (byte* start = path)
        fixed (byte* target = buffer)
        {
            nint count = Native(directory, start, target, (nuint)buffer.Length);
            return count >= 0 ? (int)count : -Errno.Last;
        }
    }

    [LibraryImport("libc", EntryPoint = "readlinkat", SetLastError = true)]
    private static partial nint Native(int directory, byte* path, byte* buffer, nuint count);
}
