using HostAgent.Agent.Linux;

namespace HostAgent.Agent.Tests.Linux;

public sealed class SysBlockTests
{
    [Theory]
    [InlineData("sda1", "sda", true)]
    [InlineData("sda12", "sda", true)]
    [InlineData("sdaa", "sda", false)]
    [InlineData("nvme0n1p1", "nvme0n1", true)]
    [InlineData("nvme0n10", "nvme0n1", false)]
    [InlineData("mmcblk0p2", "mmcblk0", true)]
    [InlineData("mmcblk0boot0", "mmcblk0", false)]
    [InlineData("dm-10", "dm-1", false)]
    [InlineData("sda", "sda", false)]
    [InlineData("cciss/c0d0p1", "cciss/c0d0", true)]
    public void Without_sysfs_the_names_tell_partitions_from_disks(string name, string disk, bool isPartition)
    {
        Assert.Equal(isPartition, SysBlock.IsPartitionOf(name, disk));
        Assert.Equal(!isPartition, SysBlock.IsWholeDisk(new LinuxRoots { Sys = "/nonexistent" }, name, disk));
    }
}
