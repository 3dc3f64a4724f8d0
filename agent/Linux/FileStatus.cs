namespace HostAgent.Agent.Linux;

/// <summary>What the file system says about a file (inode(7)).</summary>
/// <param name="Mode">Type and permissions.</param>
/// <param name="Uid">Owner.</param>
/// <param name="Gid">Group.</param>
/// <param name="Links">Names it has.</param>
/// <param name="SizeBytes">Its size.</param>
/// <param name="Inode">Its number on its device.</param>
/// <param name="Device">The device, major and minor in one.</param>
/// <param name="Modified">When its content changed last, to the second.</param>
internal readonly record struct FileStatus(
    ushort Mode, uint Uid, uint Gid, uint Links, long SizeBytes, ulong Inode, ulong Device, DateTimeOffset Modified)
{
    public bool IsRegular => (Mode & 0xF000) == 0x8000;

    public bool IsSymbolicLink => (Mode & 0xF000) == 0xA000;

    public bool IsDirectory => (Mode & 0xF000) == 0x4000;

    /// <summary>The permission bits.</summary>
    public UnixFileMode Permissions => (UnixFileMode)(Mode & 0xFFF);
}
