using System.Text;
using HostAgent.Agent.Linux;
using HostAgent.Agent.Sampling;

namespace HostAgent.Agent.Tests.Linux;

public sealed class ProcMountinfoTests
{
    [Fact]
    public void Escapes_optional_fields_and_an_empty_source_are_read()
    {
        List<Mount> mounts = [];
        Assert.Null(ProcMountinfo.Parse(
            "30 27 0:31 / /mnt/a\\040b\\134 rw shared:1 master:2 - xfs /dev/vg-a\\011b rw\n31 27 0:32 /sub /e rw - tmpfs  rw\n"u8, mounts));
        Assert.Equal(("0:31", "/", "/mnt/a b\\", "xfs", "/dev/vg-a\tb"), Parts(mounts[0]));
        Assert.Equal(("0:32", "/sub", "/e", "tmpfs", ""), Parts(mounts[1]));
        Assert.Equal(Encoding.ASCII.GetBytes("/mnt/a b\\"), mounts[0].MountPointBytes);
    }

    [Theory]
    [InlineData("30 27 0:31 / /mnt rw - xfs /dev/x rw")]
    [InlineData("30 27 0:31 / /mnt rw xfs /dev/x rw\n")]
    [InlineData("30 27 0:31 / /mnt rw -\n")]
    [InlineData("x 27 0:31 / /mnt rw - xfs /dev/x rw\n")]
    [InlineData("\n")]
    [InlineData("")]
    public void A_cut_or_short_line_is_refused(string text) => Assert.NotNull(ProcMountinfo.Parse(Encoding.ASCII.GetBytes(text), []));

    [Fact]
    public void This_machines_mounts_include_the_root()
    {
        List<Mount> mounts = [];
        Assert.Null(ProcMountinfo.Parse(File.ReadAllBytes("/proc/self/mountinfo"), mounts));
        Assert.Contains(mounts, mount => mount.MountPoint == "/");
    }

    [Fact]
    public void Real_file_systems_are_selected_once_and_what_is_hidden_is_not()
    {
        List<Mount> mounts = [];
        ProcMountinfo.Parse(File.ReadAllBytes(Path.Combine(SamplerFixtures, "modern/proc/self/mountinfo")), mounts);
        var selection = new MountSelection(new NamePatterns("proc,sysfs,devtmpfs,overlay"), new NamePatterns("/dev/*,/run/user/*"));
        Assert.Equal(["/", "/tmp", "/mnt/a b", "/mnt/hidden", "/mnt/empty"], selection.Select(mounts).Select(mount => mount.MountPoint));
        Assert.Equal("vfat", selection.Select(mounts).Single(mount => mount.MountPoint == "/mnt/hidden").Type);
    }

    private static string SamplerFixtures => Path.Combine(Sampling.Golden.Folder, "Fixtures");

    private static (string, string, string, string, string) Parts(Mount mount) => (mount.DeviceNumber, mount.Root, mount.MountPoint, mount.Type, mount.Source);
}
