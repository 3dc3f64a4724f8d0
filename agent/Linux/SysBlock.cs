namespace HostAgent.Agent.Linux;

/// <summary>What /sys/block says about block devices.</summary>
internal static class SysBlock
{
    /// <summary>True when the device is a whole disk: partitions have no folder of their own there (sysfs writes <c>!</c> for a slash).</summary>
    public static bool IsWholeDisk(LinuxRoots roots, string name) => Directory.Exists($"{roots.Sys}/block/{name.Replace('/', '!')}");
}
