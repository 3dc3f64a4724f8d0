namespace HostAgent.Agent.Linux;

/// <summary>What /sys/block says about block devices.</summary>
internal static class SysBlock
{
    /// <summary>True when the device is a whole disk: partitions have no folder of their own there (sysfs writes <c>!</c> for a slash). Without a
    /// sysfs, as in a bare chroot, the names tell.</summary>
    /// <param name="roots">Where sysfs is.</param>
    /// <param name="name">The device.</param>
    /// <param name="diskBefore">The whole disk listed before it: the kernel lists a disk's partitions after the disk.</param>
    public static bool IsWholeDisk(LinuxRoots roots, string name, string? diskBefore) => Directory.Exists($"{roots.Sys}/block")
        ? Directory.Exists($"{roots.Sys}/block/{name.Replace('/', '!')}")
        : diskBefore is null || !IsPartitionOf(name, diskBefore);

    /// <summary>By its name alone: sda1 is a partition of sda, and nvme0n1p1 of nvme0n1, but dm-10 is none of dm-1.</summary>
    internal static bool IsPartitionOf(string name, string disk)
    {
        if (!name.StartsWith(disk, StringComparison.Ordinal))
        {
            return false;
        }

        ReadOnlySpan<char> rest = name.AsSpan(disk.Length);
        if (char.IsAsciiDigit(disk[^1]))
        {
            if (rest.IsEmpty || rest[0] != 'p')
            {
                return false;
            }

            rest = rest[1..];
        }

        return !rest.IsEmpty && rest.IndexOfAnyExceptInRange('0', '9') < 0;
    }
}
