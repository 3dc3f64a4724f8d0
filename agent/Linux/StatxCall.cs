using System.Runtime.InteropServices;

namespace HostAgent.Agent.Linux;

/// <summary>statx(2), whose layout is the same on all architectures. By its number, because older C libraries have no function for it.</summary>
internal static unsafe partial class StatxCall
{
    private const nint WantSize = 0x200; // STATX_SIZE

    private static readonly nint Number = RuntimeInformation.ProcessArchitecture == Architecture.Arm64 ? 291 : 332;

    /// <summary>Size of a file, relative to an open directory. Returns it, or the negated errno.</summary>
    /// <param name="directory">An open directory.</param>
    /// <param name="path">Relative path, ending in a zero byte.</param>
    public static long Size(int directory, ReadOnlySpan<byte> path)
    {
        Layout layout;
        fixed (byte* start = path)
        {
            return Native(Number, directory, start, 0, WantSize, &layout) == 0 ? (long)Math.Min(layout.Size, long.MaxValue) : -Errno.Last;
        }
    }

    [LibraryImport("libc", EntryPoint = "syscall", SetLastError = true)]
    private static partial nint Native(nint number, nint directory, byte* path, nint flags, nint mask, Layout* layout);

    // struct statx: 256 bytes, of which the size is wanted.
    [StructLayout(LayoutKind.Explicit, Size = 256)]
    private struct Layout
    {
        [FieldOffset(40)]
        public ulong Size;
    }
}
