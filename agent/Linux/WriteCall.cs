using System.Runtime.InteropServices;

namespace HostAgent.Agent.Linux;

/// <summary>write(2).</summary>
internal static unsafe partial class WriteCall
{
    /// <summary>Writes to a descriptor that does not block. Returns the bytes written, or the negated errno.</summary>
    public static int Write(int descriptor, ReadOnlySpan<byte> bytes)
    {
        fixed (byte* start = bytes)
        {
            nint count = Native(descriptor, start, (nuint)bytes.Length);
            return count >= 0 ? (int)count : -Errno.Last;
        }
    }

    [LibraryImport("libc", EntryPoint = "write", SetLastError = true)]
    private static partial nint Native(int descriptor, byte* bytes, nuint count);
}
