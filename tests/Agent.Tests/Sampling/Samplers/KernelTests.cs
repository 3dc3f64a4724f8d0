using HostAgent.Agent.Linux;
using HostAgent.Agent.Sampling;

namespace HostAgent.Agent.Tests.Sampling.Samplers;

/// <summary>Every sampler on the kernel that runs the tests: the values are plausible and agree with what the kernel says elsewhere.</summary>
public sealed class KernelTests
{
    public static TheoryData<string> Names => [.. SamplerCatalog.All.Select(one => one.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void A_sampler_has_data_or_nothing_to_say_here_and_counters_never_go_back(string name)
    {
        using var harness = new SamplerHarness(name, new LinuxRoots());
        SampleOutcome outcome = harness.Sample();
        Assert.True(outcome.Kind is SampleOutcomeKind.Taken or SampleOutcomeKind.NothingToSay, outcome.Reason);
        long[] before = harness.Table.Raw.ToArray();
        Burn();
        harness.Time.Advance(TimeSpan.FromMinutes(10));
        Assert.Equal(outcome.Kind, harness.Sample().Kind);
        for (int id = 0; id < before.Length; id++)
        {
            Series series = harness.Table[id];
            Assert.True(series.Metric.Type != MetricType.Counter || harness.Table.Raw[id] >= before[id], series.Metric.Name);
            Assert.True(before[id] >= 0, $"{series.Metric.Name} is {before[id]}");
        }
    }

    [Fact]
    public void Cpu_time_of_all_modes_grows_with_the_clock_and_the_cores_add_up()
    {
        using var harness = new SamplerHarness("cpu", new LinuxRoots());
        Assert.Equal(SampleOutcomeKind.Taken, harness.Sample().Kind);
        double all = Sum(harness, "host_cpu_all_seconds_total");
        double cores = Sum(harness, "host_cpu_seconds_total");
        double uptime = double.Parse(File.ReadAllText("/proc/uptime").Split(' ')[0], System.Globalization.CultureInfo.InvariantCulture);
        Assert.InRange(all, 0.5 * uptime * Environment.ProcessorCount, 1.1 * uptime * Environment.ProcessorCount + 1);
        Assert.InRange(cores, all - 1, all + 1);
        Assert.Equal(harness.Value("host_cpu_cores"), Directory.GetDirectories("/sys/devices/system/cpu", "cpu*").Count(folder => File.Exists($"{folder}/topology/core_id")));
        Assert.InRange(harness.Value("host_boot_time_seconds"), DateTimeOffset.UtcNow.ToUnixTimeSeconds() - uptime - 30, DateTimeOffset.UtcNow.ToUnixTimeSeconds() - uptime + 30);
        Burn();
        harness.Sample();
        Assert.True(Sum(harness, "host_cpu_all_seconds_total") > all, "the CPU time stands still");
    }

    [Fact]
    public void Memory_is_that_of_the_runtime()
    {
        using var harness = new SamplerHarness("memory", new LinuxRoots());
        harness.Sample();
        double total = harness.Value("host_memory_total_bytes");
        Assert.InRange(total, 64e6, 1e14);
        Assert.InRange(harness.Value("host_memory_available_bytes"), 1, total);
        Assert.InRange(harness.Value("host_memory_free_bytes"), 1, total);
    }

    [Fact]
    public void Filesystem_has_the_root_with_the_size_that_the_runtime_sees()
    {
        using var harness = new SamplerHarness("filesystem", new LinuxRoots());
        harness.Sample();
        var root = new DriveInfo("/");
        Assert.Equal(root.TotalSize, harness.Value("host_filesystem_size_bytes", ("mountpoint", "/")));
        Assert.InRange(harness.Value("host_filesystem_avail_bytes", ("mountpoint", "/")), 0, root.TotalSize);
        Assert.Equal(0, harness.Value("host_filesystem_error", ("mountpoint", "/")));
        Assert.DoesNotContain("\"proc\"", harness.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void Sockets_are_counted_in_their_states()
    {
        using var listener = new System.Net.Sockets.TcpListener(System.Net.IPAddress.Loopback, 0);
        using var listener6 = new System.Net.Sockets.TcpListener(System.Net.IPAddress.IPv6Loopback, 0);
        using var harness = new SamplerHarness("tcpstates", new LinuxRoots());
        Assert.SkipUnless(harness.Sample().Kind == SampleOutcomeKind.Taken, "this kernel has no inet_diag");
        double before = harness.Value("host_tcp_state_sockets", ("state", "listen"));

        // Others on this machine open and close sockets too: the count moves by at least ours at some moment.
        listener.Start();
        listener6.Start();
        harness.Sample();
        double open = harness.Value("host_tcp_state_sockets", ("state", "listen"));
        Assert.InRange(open, Math.Max(2, before - 50), before + 50);

        using var client = new System.Net.Sockets.TcpClient();
        client.Connect((System.Net.IPEndPoint)listener.LocalEndpoint);
        using System.Net.Sockets.TcpClient accepted = listener.AcceptTcpClient();
        client.Close();
        harness.Sample();
        Assert.True(harness.Value("host_tcp_state_sockets", ("state", "close_wait")) >= 1, "our half-closed connection is missing");
    }

    [Fact]
    public void Processes_are_as_many_as_there_are_folders()
    {
        using var harness = new SamplerHarness("process", new LinuxRoots());
        Assert.Equal(SampleOutcomeKind.Taken, harness.Sample().Kind);
        int folders = Directory.GetDirectories("/proc").Count(folder => char.IsAsciiDigit(Path.GetFileName(folder)[0]));
        Assert.InRange(Sum(harness, "host_processes"), folders * 0.5, folders * 1.5);
        // Not "running": the state told is that of a process's first thread, and ours waits while this test runs on another.
        Assert.True(harness.Value("host_processes", ("state", "sleeping")) >= 1, "nothing sleeps");
    }

    [Fact]
    public void A_scan_of_all_processes_pauses_for_many_times_what_it_took()
    {
        using var harness = new SamplerHarness("process", new LinuxRoots());
        Assert.Equal(SampleOutcomeKind.Taken, harness.Sample().Kind);
        harness.Time.Advance(TimeSpan.FromMilliseconds(1));
        Assert.Equal(SampleOutcomeKind.Skipped, harness.Sample().Kind);
        harness.Time.Advance(TimeSpan.FromMinutes(5));
        Assert.Equal(SampleOutcomeKind.Taken, harness.Sample().Kind);
    }

    [Fact]
    public void Self_has_our_memory_and_cpu_time()
    {
        using var harness = new SamplerHarness("self", new LinuxRoots());
        harness.Sample();
        Assert.InRange(harness.Value("hostagent_resident_memory_bytes"), 5e6, 5e9);
        double cpu = harness.Value("hostagent_cpu_seconds_total");
        Assert.InRange(cpu, 0.001, 1e5);
        Burn();
        harness.Sample();
        Assert.True(harness.Value("hostagent_cpu_seconds_total") > cpu);
    }

    private static double Sum(SamplerHarness harness, string metric) => Enumerable.Range(0, harness.Table.Count)
        .Where(id => harness.Table[id].Metric.Name == metric).Sum(id => harness.Table[id].Metric.ValueOf(harness.Table.Raw[id]));

    // Some CPU time for the counters to show: 50 ms of this process, which takes as long as it takes.
    private static void Burn()
    {
        TimeSpan started = Environment.CpuUsage.TotalTime;
        while ((Environment.CpuUsage.TotalTime - started).TotalMilliseconds < 50)
        {
            for (int i = 0; i < 1000; i++)
            {
                _ = Math.Sqrt(i);
            }
        }
    }
}
