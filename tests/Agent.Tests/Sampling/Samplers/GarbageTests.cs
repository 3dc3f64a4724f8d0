using HostAgent.Agent.Linux;
using HostAgent.Agent.Sampling;
using HostAgent.TestSupport;

namespace HostAgent.Agent.Tests.Sampling.Samplers;

/// <summary>Whatever a kernel file holds, a sampler says that it is malformed or makes sense of it: it never crashes, and is well again with
/// the next good text.</summary>
public sealed class GarbageTests : IDisposable
{
    private static readonly string[] Nasty =
    [
        "", "\n", "\0\0\0\0\n", "garbage", "garbage\n", ":\n", " : : :\n", "cpu\n", "cpu a b c d\n", "cpu-1 1 2 3 4\n", "-1 -1 -1 -1\n",
        "18446744073709551616 18446744073709551616 18446744073709551616\n", "some\n", "some total=\n", "some total=x\n", "Tcp: A\nTcp:\n", "Tcp: A\n",
        "   8 0\n", "a\nb\neth0\n", "a\nb\neth0: 1\n", "1 2 0:3 / /\n", "MemTotal:\n", "MemTotal: kB\n", "0.1 0.2 0.3\n", "0.10 0.20 0.30 5 6\n",
    ];

    private readonly string _root = Directory.CreateTempSubdirectory("garbage-").FullName;

    public static TheoryData<string, string> Files => new()
    {
        { "cpu", "stat" }, { "memory", "meminfo" }, { "vmstat", "vmstat" }, { "load", "loadavg" }, { "pressure", "pressure/io" },
        { "disk", "diskstats" }, { "filesystem", "self/mountinfo" }, { "network", "net/dev" }, { "sockets", "net/sockstat" },
        { "sockets", "net/sockstat6" }, { "sockets", "net/snmp" }, { "netstat", "net/netstat" }, { "filedescriptor", "sys/fs/file-nr" },
        { "entropy", "sys/kernel/random/entropy_avail" }, { "uptime", "uptime" }, { "process", "4242/stat" }, { "self", "self/statm" }, { "processes", "4242/stat" },
    };

    [Theory]
    [MemberData(nameof(Files))]
    public void Mutated_text_is_refused_or_understood_and_good_text_heals(string sampler, string file)
    {
        Copy(Path.Combine(Golden.Folder, "Fixtures/modern"), _root);
        string path = Path.Combine(_root, "proc", file);
        byte[] good = File.ReadAllBytes(path);
        var time = new FakeTime();
        using var harness = new SamplerHarness(sampler, new LinuxRoots { Proc = $"{_root}/proc", Sys = $"{_root}/sys" }, time);
        Assert.Equal(SampleOutcomeKind.Taken, harness.Sample().Kind);
        string expected = harness.Text;

        var random = new Random(sampler.Length * 31);
        int refused = 0;
        for (int round = 0; round < 400; round++)
        {
            byte[] bad = round < Nasty.Length ? System.Text.Encoding.Latin1.GetBytes(Nasty[round]) : Mutate(good, random);
            File.WriteAllBytes(path, bad);
            time.Advance(TimeSpan.FromMinutes(2));
            SampleOutcome outcome = harness.Sample();
            Assert.True(outcome.Kind != SampleOutcomeKind.Failed || outcome.Reason is not null);
            refused += outcome.Kind == SampleOutcomeKind.Failed ? 1 : 0;
        }

        Assert.True(refused > 0 || sampler.StartsWith("process", StringComparison.Ordinal), "nothing was found wrong with any of it");
        File.WriteAllBytes(path, good);
        time.Advance(TimeSpan.FromMinutes(2));
        Assert.Equal(SampleOutcomeKind.Taken, harness.Sample().Kind);
        if (sampler is not "self" and not "filesystem" and not "cpu")
        {
            // cpu keeps a counter that went back by little; the other two say what is true at the moment.
            Assert.Equal(Sorted(expected), Sorted(harness.Text));
        }
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void A_text_cut_anywhere_is_never_taken_for_a_whole_one(string sampler, string file)
    {
        Copy(Path.Combine(Golden.Folder, "Fixtures/modern"), _root);
        string path = Path.Combine(_root, "proc", file);
        byte[] good = File.ReadAllBytes(path);
        var time = new FakeTime();
        using var harness = new SamplerHarness(sampler, new LinuxRoots { Proc = $"{_root}/proc", Sys = $"{_root}/sys" }, time);
        harness.Sample();
        for (int length = 0; length < good.Length; length += 1 + (good.Length / 200))
        {
            File.WriteAllBytes(path, good[..length]);
            time.Advance(TimeSpan.FromMinutes(2));
            SampleOutcomeKind kind = harness.Sample().Kind;
            bool endsInsideALine = length > 0 && good[length - 1] != (byte)'\n';
            Assert.True(!endsInsideALine || kind == SampleOutcomeKind.Failed || sampler.StartsWith("process", StringComparison.Ordinal), $"{file} cut at {length} was taken");
        }
    }

    public void Dispose() => Directory.Delete(_root, recursive: true);

    private static byte[] Mutate(byte[] good, Random random)
    {
        byte[] bad = [.. good];
        for (int i = random.Next(1, 6); i > 0; i--)
        {
            int at = random.Next(bad.Length);
            bad = random.Next(6) switch
            {
                0 => bad[..at],
                1 => [.. bad[..at], .. "99999999999999999999"u8, .. bad[at..]],
                2 => [.. bad[..at], (byte)'-', .. bad[at..]],
                3 => [.. bad[..at], .. bad[Math.Min(bad.Length, at + random.Next(40))..]],
                4 => [.. bad[..at], .. bad[..Math.Min(at, 100)], .. bad[at..]],
                _ => [.. bad[..at], (byte)random.Next(256), .. bad[Math.Min(bad.Length, at + 1)..]],
            };
            if (bad.Length == 0)
            {
                return bad;
            }
        }

        return bad;
    }

    private static string Sorted(string text) => string.Join('\n', text.Split('\n').Order(StringComparer.Ordinal));

    private static void Copy(string from, string to)
    {
        foreach (string file in Directory.EnumerateFiles(from, "*", SearchOption.AllDirectories))
        {
            string target = Path.Combine(to, Path.GetRelativePath(from, file));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(file, target, overwrite: true);
        }
    }
}
