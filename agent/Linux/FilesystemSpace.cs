namespace HostAgent.Agent.Linux;

/// <summary>Size of a mounted file system.</summary>
/// <param name="SizeBytes">All of it.</param>
/// <param name="FreeBytes">Free, including what is reserved for root.</param>
/// <param name="AvailableBytes">Free for ordinary users.</param>
/// <param name="Inodes">Inodes in all; 0 where the file system has no fixed number.</param>
/// <param name="FreeInodes">Free inodes.</param>
/// <param name="ReadOnly">Mounted read-only, or turned read-only after an error.</param>
internal readonly record struct FilesystemSpace(
    long SizeBytes, long FreeBytes, long AvailableBytes, long Inodes, long FreeInodes, bool ReadOnly);
