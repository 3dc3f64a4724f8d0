using System.Runtime.InteropServices;

namespace HostAgent.Agent.Linux;

/// <summary>statvfs(3). It blocks for as long as a network file system's server is silent.</summary>
internal static unsafe partial class StatvfsCall
{
    private const ulong ReadOnlyFlag = 1;

    /// <summary>Asks a mounted file system for its size. Returns 0, or the negated errno.</summary>
    /// <param name="path">Path of the mount point, ending in a zero byte.</param>
    /// <param name="space">What it says, in bytes and inodes.</param>
    public static int Read(ReadOnlySpan<byte> path, out FilesystemSpace space)
    {
        Layout layout;
        fixed (byte* start = path)
        {
            while (Native(start, &layout) != 0)
            {
                int errno = Errno.Last;
                if (errno != Errno.EINTR)
                {
                    space = default;
                    return -errno;
                }
            }
        }

        ulong unit = layout.FragmentBytes != 0 ? layout.FragmentBytes : layout.BlockBytes;
        space = new FilesystemSpace(
            Bytes(layout.Blocks, unit), Bytes(layout.FreeBlocks, unit), Bytes(layout.AvailableBlocks, unit),
            Bytes(layout.Files, 1), Bytes(layout.FreeFiles, 1), (layout.Flags & ReadOnlyFlag) != 0);
        return 0;
    }

    // A file system may answer with anything: the product saturates instead of turning negative.
    private static long Bytes(ulong count, ulong unit) => (long)UInt128.Min((UInt128)count * unit, long.MaxValue);

    [LibraryImport("libc", EntryPoint = "statvfs", SetLastError = true)]
    private static partial int Native(byte* path, Layout* layout);

    // struct statvfs of 64-bit glibc and musl.
    [StructLayout(LayoutKind.Sequential)]
    private struct Layout
    {
        public ulong BlockBytes;
        public ulong FragmentBytes;
        public ulong Blocks;
        public ulong FreeBlocks;
        public ulong AvailableBlocks;
        public ulong Files;
        public ulong FreeFiles;
        public ulong AvailableFiles;
        public ulong FilesystemId;
        public ulong Flags;
        public ulong MaxNameBytes;
        public fixed int Spare[6];
    }
}
