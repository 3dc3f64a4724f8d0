using System.Runtime.InteropServices;
using HostAgent.Agent.Linux;
using HostAgent.Agent.Sampling;
using HostAgent.TestSupport;

namespace HostAgent.Agent.Tests.Sampling.Samplers;

/// <summary>A mount whose server never answers, made for real: a FUSE mount without a FUSE program, in a mount namespace of the test's thread.</summary>
public sealed partial class HungMountTests
{
    private const int OpenReadWrite = 2;
    private const int NewMountNamespace = 0x20000;
    private const ulong RecursivePrivate = 0x4000 | 0x40000;
    private const int Detach = 2;

    [Fact]
    public void A_hung_mount_stalls_nothing_and_is_told_as_an_error()
    {
        Exception? failure = null;
        string? skip = null;

        // Unsharing the mount namespace changes the thread for good, so it is one that ends with the test.
        var thread = new Thread(() =>
        {
            try
            {
                skip = Try();
            }
            catch (Exception e)
            {
                failure = e;
            }
        });
        thread.Start();
        Assert.True(thread.Join(TimeSpan.FromSeconds(60)), "the sampler hangs with the mount");
        Assert.SkipWhen(skip is not null, skip ?? "");
        if (failure is not null)
        {
            throw new InvalidOperationException("see the inner exception", failure);
        }
    }

    private static string? Try()
    {
        string root = Directory.CreateTempSubdirectory("hung-mount-").FullName;
        string point = Path.Combine(root, "point");
        Directory.CreateDirectory(point);
        int fuse = -1;
        try
        {
            if (Unshare(NewMountNamespace) != 0 || Mount("none", "/", null, RecursivePrivate, null) != 0 || (fuse = Open("/dev/fuse", OpenReadWrite)) < 0
                || Mount("server:/export", point, "fuse", 0, $"fd={fuse},rootmode=40000,user_id=0,group_id=0") != 0)
            {
                return "needs root and FUSE";
            }

            Directory.CreateDirectory($"{root}/proc/self");
            File.WriteAllText(
                $"{root}/proc/self/mountinfo", $"27 1 254:0 / / rw - ext4 /dev/vda rw\n99 27 0:99 / {point} rw - fuse server:/export rw\n");
            var time = new FakeTime();
            using var harness = new SamplerHarness("filesystem", new LinuxRoots { Proc = $"{root}/proc" }, time);
            Assert.Equal(SampleOutcomeKind.Taken, harness.Sample().Kind);
            Assert.True(harness.Value("host_filesystem_size_bytes", ("mountpoint", "/")) > 0);
            Assert.True(double.IsNaN(harness.Value("host_filesystem_error", ("mountpoint", point))), "it has not answered and has not been silent for long");

            time.Advance(TimeSpan.FromSeconds(11));
            Assert.Equal(SampleOutcomeKind.Taken, harness.Sample().Kind);
            Assert.Equal(1, harness.Value("host_filesystem_error", ("mountpoint", point)));
            Assert.True(double.IsNaN(harness.Value("host_filesystem_size_bytes", ("mountpoint", point))));
            Assert.Equal(0, harness.Value("host_filesystem_error", ("mountpoint", "/")));

            // Gone from the mount table, it ends like any other.
            File.WriteAllText($"{root}/proc/self/mountinfo", "27 1 254:0 / / rw - ext4 /dev/vda rw\n");
            time.Advance(TimeSpan.FromMinutes(2));
            harness.Sample();
            Assert.True(double.IsNaN(harness.Value("host_filesystem_error", ("mountpoint", point))));
            return null;
        }
        finally
        {
            // Closing the connection answers whoever still waits.
            if (fuse >= 0)
            {
                CloseCall.Close(fuse);
                _ = Unmount(point, Detach);
            }

            Directory.Delete(root, recursive: true);
        }
    }

    [LibraryImport("libc", EntryPoint = "unshare")]
    private static partial int Unshare(int flags);

    [LibraryImport("libc", EntryPoint = "open", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "mount", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Mount(string source, string target, string? type, ulong flags, string? options);

    [LibraryImport("libc", EntryPoint = "umount2", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Unmount(string target, int flags);
}
