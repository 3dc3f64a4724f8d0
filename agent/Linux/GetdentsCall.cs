using System.Runtime.InteropServices;

namespace HostAgent.Agent.Linux;

/// <summary>getdents64(2).</summary>
internal static unsafe partial class GetdentsCall
{
    /// <summary>Reads the next directory entries as the kernel lays them out. Returns the bytes read, 0 at the end, or the negated errno.</summary>
    public static int Read(int directory, Span<byte> buffer)
    {
        fixed (byte* start = buffer)
        {
            nint count = Native(directory, start, (nuint)buffer.Length);
            return count >= 0 ? (int)count : -Errno.Last;
        }
    }

    [LibraryImport("libc", EntryPoint = "getdents64", SetLastError = true)]
    private static partial nint Native(int directory, byte* buffer, nuint count);
}
