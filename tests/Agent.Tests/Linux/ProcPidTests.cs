using System.Text;
using HostAgent.Agent.Linux;

namespace HostAgent.Agent.Tests.Linux;

public sealed class ProcPidTests
{
    private const string Id = "4d2f1a0b9c8e7f6a5b4c3d2e1f0a9b8c7d6e5f4a3b2c1d0e9f8a7b6c5d4e3f2a";

    [Fact]
    public void A_stat_line_is_read_whatever_the_name_holds()
    {
        byte[] text = Encoding.ASCII.GetBytes("77 (a) R (b\n) S 5 1 1 0 -1 4194560 1 2 3 4 10 20 3 4 20 0 9 0 4321 1000 55 18446744073709551615 1\n");
        Assert.True(ProcPidStat.TryParse(text, out ReadOnlySpan<byte> name, out ProcessStat stat));
        Assert.Equal("a) R (b\n", Encoding.ASCII.GetString(name));
        Assert.Equal(new ProcessStat((byte)'S', 5, false, 30, 9, 4321, 55), stat);
    }

    [Fact]
    public void A_kernel_thread_is_told_by_its_flag()
    {
        byte[] text = Encoding.ASCII.GetBytes("2 (kthreadd) S 0 0 0 0 -1 2129984 0 0 0 0 0 0 0 0 20 0 1 0 1 0 0 18446744073709551615\n");
        Assert.True(ProcPidStat.TryParse(text, out _, out ProcessStat stat) && stat.IsKernelThread);
    }

    [Fact]
    public void A_stat_line_cut_anywhere_before_the_memory_is_refused()
    {
        byte[] text = Encoding.ASCII.GetBytes("7 (x) S 5 1 1 0 -1 4194560 1 2 3 4 10 20 3 4 20 0 9 0 4321 1000 55");
        for (int length = 0; length <= text.Length; length++)
        {
            Assert.False(ProcPidStat.TryParse(text.AsSpan(0, length), out _, out _));
        }
    }

    [Theory]
    [InlineData("0::/system.slice/nginx.service\n", "nginx.service", "")]
    [InlineData("0::/system.slice/docker-" + Id + ".scope\n", "", "4d2f1a0b9c8e")]
    [InlineData("0::/machine.slice/libpod-" + Id + ".scope/container\n", "", "4d2f1a0b9c8e")]
    [InlineData("4:memory:/docker/" + Id + "\n1:name=systemd:/docker/" + Id + "\n0::/\n", "", "4d2f1a0b9c8e")]
    [InlineData("0::/kubepods.slice/kubepods-pod1.slice/cri-containerd-" + Id + ".scope\n", "", "4d2f1a0b9c8e")]
    [InlineData("0::/user.slice/user-0.slice/session-3.scope\n", "session-3.scope", "")]
    [InlineData("0::/user.slice/user-1000.slice/user@1000.service/app.slice/app-x.scope\n", "user@1000.service", "")]
    [InlineData("0::/\n", "", "")]
    [InlineData("", "", "")]
    [InlineData("nonsense", "", "")]
    public void A_control_group_names_its_unit_and_its_container(string text, string unit, string container) =>
        Assert.Equal(new CgroupOwner(unit, container), CgroupOwner.Of(ProcPidCgroup.PathOf(Encoding.ASCII.GetBytes(text))));

    [Fact]
    public void Io_and_smaps_are_read_or_refused()
    {
        Assert.True(ProcPidIo.TryParse("rchar: 1\nread_bytes: 22\nwrite_bytes: 33\n"u8, out long read, out long written));
        Assert.Equal((22, 33), (read, written));
        Assert.False(ProcPidIo.TryParse("read_bytes: 22\n"u8, out _, out _));
        Assert.False(ProcPidIo.TryParse("read_bytes: 22\nwrite_bytes: 3"u8, out _, out _));
        Assert.True(ProcPidSmaps.TryPss("x\nRss: 9 kB\nPss: 7 kB\nPss_Dirty: 1 kB\n"u8, out long bytes));
        Assert.Equal(7 * 1024, bytes);
        Assert.False(ProcPidSmaps.TryPss("x\nPss: kB\n"u8, out _));
    }
}
