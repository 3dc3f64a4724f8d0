using System.Runtime.InteropServices;

namespace HostAgent.Agent.Linux;

/// <summary>statx(2), whose structure is the same on every architecture.</summary>
internal static partial class StatxCall
{
    private const int EmptyPath = 0x1000; // AT_EMPTY_PATH
    private const uint TypeModeOwner = 0x1 | 0x2 | 0x8; // STATX_TYPE, STATX_MODE, STATX_UID
    private const int StructureBytes = 256;
    private const int UidOffset = 20;
    private const int ModeOffset = 28;

    /// <summary>Who owns an open file and what its mode is, type bits included. Returns 0, or the negated errno.</summary>
    public static unsafe int Owner(SafeHandle file, out uint uid, out ushort mode)
    {
        byte* buffer = stackalloc byte[StructureBytes];
        int result;
        do
        {
            result = Native(file, "", EmptyPath, TypeModeOwner, buffer) == 0 ? 0 : -Errno.Last;
        }
        while (result == -Errno.EINTR);

        uid = *(uint*)(buffer + UidOffset);
        mode = *(ushort*)(buffer + ModeOffset);
        return result;
    }

    [LibraryImport("libc", EntryPoint = "statx", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static unsafe partial int Native(SafeHandle directory, string path, int flags, uint mask, byte* buffer);
}
