using System.Diagnostics;
using System.Globalization;
using HostAgent.Agent.Tests.Configuration;
using HostAgent.Agent.Tests.Streaming;
using HostAgent.Protos.Enrolment;
using HostAgent.TestSupport;

namespace HostAgent.Agent.Tests.Publishing;

/// <summary>The release file itself: artifacts/hostagent (or HOSTAGENT_PROGRAM), as `./build.sh publish` leaves it.</summary>
public sealed class StaticProgramTests : IDisposable
{
    private const int MaxBytes = 16 << 20;
    private const uint Interpreter = 3;

    private readonly string _root = Directory.CreateTempSubdirectory("hostagent-root-").FullName;

    private static string Program => Environment.GetEnvironmentVariable("HOSTAGENT_PROGRAM") ?? Path.Combine(RepositoryRoot.Path, "artifacts/hostagent");

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Fact]
    public void It_is_one_small_file_that_needs_no_loader()
    {
        Require(File.Exists(Program));
        Assert.InRange(new FileInfo(Program).Length, 1_000_000, MaxBytes);
        var elf = File.ReadAllBytes(Program);
        var (headers, size, count) = (BitConverter.ToInt64(elf, 32), BitConverter.ToUInt16(elf, 54), BitConverter.ToUInt16(elf, 56));
        Assert.DoesNotContain(Enumerable.Range(0, count), i => BitConverter.ToUInt32(elf, (int)headers + (i * size)) == Interpreter);
    }

    [Fact]
    public async Task In_an_empty_root_with_proc_and_urandom_it_samples()
    {
        using var process = StartInEmptyRoot("sample", "--json");
        var output = await process.StandardOutput.ReadToEndAsync().WaitAsync(TimeSpan.FromSeconds(60));
        Assert.Contains("\"host_cpu_seconds_total\"", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task In_an_empty_root_it_streams_over_TLS_and_ends_within_5_seconds_of_SIGTERM()
    {
        Require(File.Exists(Program));
        await using var aggregator = await ScriptedAggregator.StartAsync();
        File.WriteAllText(Path.Combine(_root, "ca.pem"), aggregator.CaPem);
        File.WriteAllText(
            Path.Combine(_root, "token"), new TokenText("0123456789abcdef", new string('A', 43), AuthorityFingerprint.Of(aggregator.Ca)).Reveal());
        using var process = StartInEmptyRoot(
            "run", "--aggregator", aggregator.Address.ToString(), "--ca", "/ca.pem", "--token-file", "/token", "--state", "/state", "--interval", "200ms");
        var output = process.StandardError.ReadToEndAsync();
        try
        {
            await Eventually.TrueAsync(() => aggregator.Stored.Count >= 5 || process.HasExited, "frames arrive", TimeSpan.FromSeconds(60));
            Assert.False(process.HasExited, process.HasExited ? await output : "");
            Assert.Contains(aggregator.Stored.Values, samples => samples.Keys.Any(name => name.StartsWith("host_cpu", StringComparison.Ordinal)));
            using var kill = System.Diagnostics.Process.Start("kill", ["-TERM", process.Id.ToString(CultureInfo.InvariantCulture)]);
            await process.WaitForExitAsync().WaitAsync(TimeSpan.FromSeconds(5));
            Assert.Equal(0, process.ExitCode);
            Assert.Empty(Directory.GetFiles(Path.Combine(_root, "state"), "*.segment"));
        }
        finally
        {
            process.Kill(entireProcessTree: true);
        }
    }

    private static void Require(bool condition) => Assert.SkipUnless(
        condition && Environment.IsPrivilegedProcess, "needs root and the published program: ./build.sh publish");

    /// <summary>Starts the program in a root directory that holds nothing else, in a mount namespace of its own.</summary>
    private Process StartInEmptyRoot(params string[] args)
    {
        Require(File.Exists(Program));
        File.Copy(Program, Path.Combine(_root, "hostagent"));
        Directory.CreateDirectory(Path.Combine(_root, "proc"));
        Directory.CreateDirectory(Path.Combine(_root, "dev"));
        File.WriteAllText(Path.Combine(_root, "dev/urandom"), "");
        const string script = "mount --rbind /proc \"$0/proc\" && mount --bind /dev/urandom \"$0/dev/urandom\" && exec chroot \"$0\" /hostagent \"$@\"";
        return Process.Start(new ProcessStartInfo("unshare", ["--mount", "--propagation", "private", "sh", "-c", script, _root, .. args])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
    }
}
