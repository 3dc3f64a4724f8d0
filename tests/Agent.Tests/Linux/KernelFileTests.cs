using HostAgent.Agent.Linux;

namespace HostAgent.Agent.Tests.Linux;

public sealed class KernelFileTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("kernel-file-").FullName;

    [Fact]
    public void A_file_larger_than_the_buffer_is_read_whole_and_the_buffer_stays_large()
    {
        string path = Path.Combine(_folder, "large");
        byte[] content = new byte[100_000];
        new Random(1).NextBytes(content);
        File.WriteAllBytes(path, content);
        using var file = new KernelFile(path) { HasLongRecords = true };
        byte[] buffer = new byte[4096];
        Assert.Equal(content.Length, file.Read(ref buffer));
        Assert.Equal(content, buffer.AsSpan(0, content.Length).ToArray());
        byte[] kept = buffer;
        Assert.Equal(content.Length, file.Read(ref buffer));
        Assert.Same(kept, buffer);
    }

    [Fact]
    public void An_absent_file_is_told_and_found_when_it_comes()
    {
        string path = Path.Combine(_folder, "late");
        using var file = new KernelFile(path);
        byte[] buffer = new byte[4096];
        Assert.Equal(-Errno.ENOENT, file.Read(ref buffer));
        Assert.True(file.IsAbsent);
        File.WriteAllText(path, "1\n");
        int readings = 1;
        while (file.Read(ref buffer) < 0 && readings < 200)
        {
            readings++;
        }

        Assert.InRange(readings, 2, 100);
        Assert.False(file.IsAbsent);
    }

    [Fact]
    public void A_directory_is_an_error_and_not_absent()
    {
        using var file = new KernelFile(_folder);
        byte[] buffer = new byte[4096];
        Assert.True(file.Read(ref buffer) < 0);
        Assert.False(file.IsAbsent);
        Assert.Contains("errno 21", Errno.Describe(file.LastErrno), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("stat")]
    [InlineData("meminfo")]
    [InlineData("vmstat")]
    [InlineData("diskstats")]
    [InlineData("net/dev")]
    [InlineData("net/snmp")]
    [InlineData("net/netstat")]
    [InlineData("self/mountinfo")]
    public void A_file_of_this_kernel_has_as_many_lines_as_the_runtime_reads(string name)
    {
        using var file = new KernelFile($"/proc/{name}") { HasLongRecords = name == "self/mountinfo" };
        byte[] buffer = new byte[4096];
        for (int i = 0; i < 3; i++)
        {
            int count = file.Read(ref buffer);
            Assert.True(count > 0);
            Assert.Equal(File.ReadAllBytes($"/proc/{name}").Count(letter => letter == '\n'), buffer.AsSpan(0, count).Count((byte)'\n'));
        }
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}
