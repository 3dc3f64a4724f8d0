using System.Runtime.InteropServices;

namespace HostAgent.Agent.Linux;

/// <summary>statx(2): the one stat call whose structure is the same on every architecture. Linux 4.11 and newer.</summary>
internal static unsafe partial class StatxCall
{
    private const int EmptyPath = 0x1000;
    private const int SymlinkNoFollow = 0x100;
    private const uint BasicStats = 0x7ff;
    private const uint SizeOnly = 0x200; // STATX_SIZE

    /// <summary>Asks about a name in an open directory, not following a link. Returns 0, or the negated errno.</summary>
    public static int Name(int directory, string name, out FileStatus status) => Read(directory, name, SymlinkNoFollow, out status);

    /// <summary>Asks about an open file. Returns 0, or the negated errno.</summary>
    public static int Descriptor(int descriptor, out FileStatus status) => Read(descriptor, "", EmptyPath, out status);

    /// <summary>Asks about what a path leads to, following links. Returns 0, or the negated errno.</summary>
    public static int Target(string path, out FileStatus status) => Read(-100, path, 0, out status);

    /// <summary>Size of a file, without allocating. Returns it, or the negated errno.</summary>
    /// <param name="directory">An open directory.</param>
    /// <param name="path">Relative to it, ending in a zero byte.</param>
    public static long Size(int directory, ReadOnlySpan<byte> path)
    {
        Layout layout;
        fixed (byte* start = path)
        {
            return Native(directory, start, 0, SizeOnly, &layout) == 0 ? (long)Math.Min(layout.Size, long.MaxValue) : -Errno.Last;
        }
    }

    private static int Read(int directory, string name, int flags, out FileStatus status)
    {
        Layout layout;
        if (Native(directory, name, flags, BasicStats, &layout) != 0)
        {
            status = default;
            return -Errno.Last;
        }

        status = new FileStatus(
            layout.Mode, layout.Uid, layout.Gid, layout.Links, (long)layout.Size, layout.Inode, ((ulong)layout.DeviceMajor << 32) | layout.DeviceMinor,
            DateTimeOffset.UnixEpoch.AddSeconds(Math.Clamp(layout.ModifiedSeconds, -60_000_000_000, 200_000_000_000)));
        return 0;
    }

    [LibraryImport("libc", EntryPoint = "statx", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Native(int directory, string path, int flags, uint mask, Layout* layout);

    [LibraryImport("libc", EntryPoint = "statx", SetLastError = true)]
    private static partial int Native(int directory, byte* path, int flags, uint mask, Layout* layout);

    // struct statx, linux/stat.h.
    [StructLayout(LayoutKind.Explicit, Size = 256)]
    private struct Layout
    {
        [FieldOffset(16)]
        public uint Links;
        [FieldOffset(20)]
        public uint Uid;
        [FieldOffset(24)]
        public uint Gid;
        [FieldOffset(28)]
        public ushort Mode;
        [FieldOffset(32)]
        public ulong Inode;
        [FieldOffset(40)]
        public ulong Size;
        [FieldOffset(112)]
        public long ModifiedSeconds;
        [FieldOffset(136)]
        public uint DeviceMajor;
        [FieldOffset(140)]
        public uint DeviceMinor;
    }
}
