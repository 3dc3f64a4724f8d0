using HostAgent.Agent.Linux;
using HostAgent.Agent.Sampling;
using HostAgent.Agent.Tests.Sampling.Processes;

namespace HostAgent.Agent.Tests.Sampling.Samplers;

/// <summary>Groups and lists over a procfs that the test writes.</summary>
public sealed class ProcessesSamplerTests : IDisposable
{
    private readonly FakeProc _proc = new();
    private SamplerHarness? _harness;

    public void Dispose()
    {
        _harness?.Dispose();
        _proc.Dispose();
    }

    [Fact]
    public void A_group_adds_its_processes_up()
    {
        _proc.Put(10, "postgres", ticks: 500, start: 1000, pages: 100, threads: 2, read: 4096, written: 8192, descriptors: 7, pssKib: 100);
        _proc.Put(11, "postgres", parent: 10, ticks: 250, start: 2000, pages: 50, state: 'D', read: 1, written: 2, descriptors: 5, pssKib: 20);
        _proc.Put(12, "sshd", ticks: 9000, pages: 9000);
        Begin(("groups.db", "name=postgres"));
        Assert.Equal(2, Value("process_group_processes"));
        Assert.Equal(1, State("blocked"));
        Assert.Equal(1, State("sleeping"));
        Assert.Equal(3, Value("process_group_threads"));
        Assert.Equal(7.5, Value("process_group_cpu_seconds_total"));
        Assert.Equal(150.0 * SysconfCall.PageBytes, Value("process_group_resident_memory_bytes"));
        Assert.Equal(12, Value("process_group_open_descriptors"));
        Assert.Equal(4097, Value("process_group_read_bytes_total"));
        Assert.Equal(8194, Value("process_group_written_bytes_total"));
        Assert.Equal(1700000010, Value("process_group_oldest_start_time_seconds"));
        Assert.Equal((0, 0, 0), Lifes());

        // One process per scan is asked for its proportional memory; half a sum is none.
        Assert.True(double.IsNaN(Value("process_group_proportional_memory_bytes")));
        Next();
        Assert.Equal(120 * 1024, Value("process_group_proportional_memory_bytes"));
    }

    [Theory]
    [InlineData("argv=*mcp-server-fs*")]
    [InlineData("unit=mcp.service")]
    [InlineData("cgroup=/system.slice/mcp.service")]
    public void A_group_goes_by_arguments_unit_or_control_group(string rule)
    {
        _proc.Put(10, "node", argv: "node /opt/mcp-server-fs/index.js --root /", cgroup: "0::/system.slice/mcp.service\n");
        _proc.Put(11, "node", argv: "node other.js", cgroup: "12:pids:/\n1:name=systemd:/system.slice/other.service\n0::/\n");
        Begin(("groups.g", rule));
        Assert.Equal(1, Value("process_group_processes"));
    }

    [Fact]
    public void A_pid_file_names_one_process_and_its_absence_none()
    {
        string file = _proc.PathOf("nginx.pid");
        _proc.Put(10, "nginx");
        _proc.Put(11, "nginx", start: 700);
        File.WriteAllText(file, "10\n");
        Begin(("groups.g", $"pidfile={file}"));
        Assert.Equal((1, 0), (Value("process_group_processes"), Value("process_group_error")));

        _proc.Remove(10);
        File.WriteAllText(file, "11\n");
        Next();
        Assert.Equal((1, 0), (Value("process_group_processes"), Value("process_group_error")));
        Assert.Equal((1, 1, 1), Lifes());

        File.Delete(file);
        Next();
        Assert.Equal((0, 0), (Value("process_group_processes"), Value("process_group_error")));

        File.WriteAllText(file, "no number");
        Next();
        Assert.Equal((0, 1), (Value("process_group_processes"), Value("process_group_error")));
    }

    [Fact]
    public void A_replaced_process_is_a_restart_and_its_counters_stay()
    {
        _proc.Put(10, "svc", ticks: 500, start: 100);
        Begin(("groups.g", "name=svc"));
        _proc.Remove(10);
        Next();
        Assert.Equal((0, 0, 1), Lifes());
        Assert.Equal(0, Value("process_group_processes"));
        Assert.True(double.IsNaN(Value("process_group_oldest_start_time_seconds")));
        _proc.Put(20, "svc", ticks: 100, start: 5000);
        Next();
        Assert.Equal((1, 1, 1), Lifes());
        Assert.Equal(6, Value("process_group_cpu_seconds_total"));
        Assert.Equal(1700000050, Value("process_group_oldest_start_time_seconds"));
    }

    [Fact]
    public void A_number_given_away_again_between_two_scans_is_another_process()
    {
        _proc.Put(10, "svc", ticks: 500, start: 100);
        Begin(("groups.g", "name=svc"));
        _proc.Put(10, "svc", ticks: 30, start: 900);
        Next();
        Assert.Equal((1, 1, 1), Lifes());
        Assert.Equal(5.3, Value("process_group_cpu_seconds_total"), 6);
        _proc.Put(10, "other", ticks: 30, start: 1900);
        Next();
        Assert.Equal(0, Value("process_group_processes"));
    }

    [Fact]
    public void Workers_that_come_and_go_are_no_restarts()
    {
        _proc.Put(10, "postgres");
        _proc.Put(11, "postgres", parent: 10, start: 200);
        Begin(("groups.g", "name=postgres"));
        for (int i = 0; i < 5; i++)
        {
            _proc.Remove(11 + i);
            _proc.Put(12 + i, "postgres", parent: 10, start: 300 + i);
            Next();
        }

        Assert.Equal((0, 5, 5), Lifes());
    }

    [Fact]
    public void What_a_process_is_shows_after_its_exec()
    {
        Begin(("groups.g", "argv=*server*"));
        _proc.Put(10, "bash", argv: "bash -c start");
        Next();
        Assert.Equal(0, Value("process_group_processes"));
        _proc.Put(10, "node", argv: "node server.js");
        Next();
        Assert.Equal(1, Value("process_group_processes"));
    }

    [Fact]
    public void A_leak_is_told_and_a_restart_begins_anew()
    {
        long pages = 10_000;
        _proc.Put(10, "leaky", pages: pages);
        Begin(("groups.g", "name=leaky"), ("growth_window_minutes", "60"));
        for (int i = 0; i < 30; i++)
        {
            _proc.Put(10, "leaky", pages: pages += 100);
            _harness!.Time.Advance(TimeSpan.FromMinutes(1));
            _harness.Sample();
        }

        Assert.InRange(Value("process_group_memory_growth_bytes_per_hour"), 5900.0 * SysconfCall.PageBytes, 6100.0 * SysconfCall.PageBytes);
        Assert.InRange(Value("process_group_memory_growth_confidence"), 0.99, 1);
        _proc.Remove(10);
        _proc.Put(11, "leaky", start: 9000);
        Next();
        Assert.True(double.IsNaN(Value("process_group_memory_growth_bytes_per_hour")));
        Assert.True(double.IsNaN(Value("process_group_memory_growth_confidence")));
    }

    [Fact]
    public void The_largest_are_listed_and_end_with_their_process()
    {
        for (int pid = 10; pid < 30; pid++)
        {
            _proc.Put(pid, $"p{pid}", pages: pid * 1000, ticks: 0);
        }

        Begin(("top", "3"));
        Assert.Equal(["29", "28", "27"], Listed("process_top_resident_memory_bytes"));
        Assert.Empty(Listed("process_top_cpu_seconds_total"));
        _proc.Put(15, "p15", pages: 15_000, ticks: 3000);
        for (int i = 0; i < 6; i++)
        {
            NextMinute();
        }

        Assert.Equal(["15"], Listed("process_top_cpu_seconds_total"));
        _proc.Remove(29);
        NextMinute();
        Assert.Equal(["26", "27", "28"], Listed("process_top_resident_memory_bytes").Order());
    }

    [Fact]
    public void Processes_that_change_places_all_day_make_few_series()
    {
        for (int pid = 10; pid < 60; pid++)
        {
            _proc.Put(pid, $"p{pid}", pages: 10_000);
        }

        Begin(("top", "5"));
        var random = new Random(3);
        for (int i = 0; i < 120; i++)
        {
            for (int pid = 10; pid < 60; pid += 5)
            {
                _proc.Put(pid + (i % 5), $"p{pid + (i % 5)}", pages: 10_000 + random.Next(20_000));
            }

            NextMinute();
            Assert.True(Listed("process_top_resident_memory_bytes").Length <= 5);
        }

        // Places change hands by far more than noise only, each after twelve scans at the earliest.
        Assert.InRange(_harness!.Table.Count, 6, 1 + 5 + (5 * 120 / 12));
    }

    [Fact]
    public void A_garbled_process_is_counted_and_the_others_are_read()
    {
        string folder = _proc.Put(10, "svc", pages: 10_000);
        _proc.Put(11, "svc", pages: 10_000);
        Begin(("groups.g", "name=svc"));
        File.WriteAllText(Path.Combine(folder, "stat"), "10 (svc S 1 nonsense\n");
        Next();
        Assert.Equal(1, _harness!.Value("process_unreadable"));
        Assert.Equal(2, Value("process_group_processes"));
        _proc.Put(10, "svc", pages: 10_001);
        Next();
        Assert.Equal(0, _harness.Value("process_unreadable"));
    }

    [Fact]
    public void Hundreds_of_scans_of_members_allocate_nothing()
    {
        for (int pid = 10; pid < 30; pid++)
        {
            _proc.Put(pid, pid % 2 == 0 ? "svc" : "other", pages: pid * 1000);
        }

        Begin(("groups.g", "name=svc"), ("groups.h", "argv=*other*"), ("groups.i", "unit=x.service"));
        for (int i = 0; i < 200; i++)
        {
            Next();
        }

        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 200; i++)
        {
            _harness!.Time.Advance(TimeSpan.FromSeconds(5));
            _harness.Sample();
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    private void Begin(params (string Name, string Value)[] values)
    {
        _harness = new SamplerHarness("processes", _proc.Roots, values: values.ToDictionary(one => one.Name, one => one.Value));
        Next();
    }

    private void Next()
    {
        _harness!.Time.Advance(TimeSpan.FromSeconds(5));
        Assert.Equal(SampleOutcomeKind.Taken, _harness.Sample().Kind);
    }

    // Without groups scans are farther apart.
    private void NextMinute()
    {
        _harness!.Time.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(SampleOutcomeKind.Taken, _harness.Sample().Kind);
    }

    private double Value(string metric) => _harness!.Value(metric);

    private double State(string state) => _harness!.Value("process_group_state_processes", ("state", state));

    private (double Restarts, double Started, double Ended) Lifes() =>
        (Value("process_group_restarts_total"), Value("process_group_started_total"), Value("process_group_ended_total"));

    private string[] Listed(string metric) => [.. Enumerable.Range(0, _harness!.Table.Count).Select(id => _harness.Table[id])
        .Where(series => !series.Ended && series.Metric.Name == metric).Select(series => series.Labels.Single(label => label.Name == "pid").Value)];
}
