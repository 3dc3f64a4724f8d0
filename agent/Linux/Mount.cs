namespace HostAgent.Agent.Linux;

/// <summary>One mounted file system.</summary>
/// <param name="DeviceNumber">major:minor of its superblock: the same for all mounts of one file system.</param>
/// <param name="Root">Which part of the file system is mounted; <c>/</c> for all of it, else it is a bind mount.</param>
/// <param name="MountPoint">Where.</param>
/// <param name="MountPointBytes">The same as the kernel has it: it need not be UTF-8.</param>
/// <param name="Type">File system type.</param>
/// <param name="Source">Device, server path, or a mere name.</param>
internal sealed record Mount(string DeviceNumber, string Root, string MountPoint, byte[] MountPointBytes, string Type, string Source);
