using System.Diagnostics;
using System.Globalization;
using HostAgent.Agent.Linux;
using HostAgent.Agent.Sampling;
using HostAgent.TestSupport;

namespace HostAgent.Agent.Tests.Sampling.Samplers;

/// <summary>Groups of real processes on this kernel.</summary>
public sealed class ProcessesKernelTests
{
    [Fact]
    public async Task Real_processes_are_counted_measured_and_their_replacement_is_a_restart()
    {
        // An argument that no other process has.
        string seconds = (3000 + (Environment.ProcessId / 1e7)).ToString("0.0000000", CultureInfo.InvariantCulture);
        using Process first = Start(seconds);
        try
        {
            using var harness = new SamplerHarness(
                "processes", new LinuxRoots(), values: new Dictionary<string, string> { ["groups.g"] = $"argv=sleep {seconds}" });
            await Eventually.TrueAsync(
                () =>
                {
                    Next(harness);
                    return harness.Value("process_group_state_processes", ("state", "sleeping")) == 1
                        && !double.IsNaN(harness.Value("process_group_proportional_memory_bytes"));
                },
                "the process sleeps");
            Assert.Equal(1, harness.Value("process_group_processes"));
            Assert.Equal(1, harness.Value("process_group_threads"));
            Assert.InRange(harness.Value("process_group_resident_memory_bytes"), 4096, 50e6);
            Assert.InRange(harness.Value("process_group_proportional_memory_bytes"), 1, 50e6);
            Assert.Equal(Directory.GetFileSystemEntries($"/proc/{first.Id}/fd").Length, harness.Value("process_group_open_descriptors"));
            Assert.InRange(harness.Value("process_group_oldest_start_time_seconds"), Now() - 60, Now() + 5);
            Assert.Equal(0, harness.Value("process_group_unreadable_processes"));

            first.Kill();
            await first.WaitForExitAsync();
            Next(harness);
            Assert.Equal(0, harness.Value("process_group_processes"));
            using Process second = Start(seconds);
            await Eventually.TrueAsync(
                () =>
                {
                    Next(harness);
                    return harness.Value("process_group_processes") == 1;
                },
                "the successor is noticed");
            Assert.Equal(1, harness.Value("process_group_restarts_total"));
            second.Kill();
            await second.WaitForExitAsync();
        }
        finally
        {
            first.Kill();
        }
    }

    [Fact]
    public void Its_own_memory_and_descriptors_are_what_the_runtime_says()
    {
        int pid = Environment.ProcessId;
        string file = Path.GetTempFileName();
        File.WriteAllText(file, pid.ToString(CultureInfo.InvariantCulture));
        using var harness = new SamplerHarness("processes", new LinuxRoots(), values: new Dictionary<string, string> { ["groups.g"] = $"pidfile={file}" });
        Next(harness);
        using var self = Process.GetCurrentProcess();
        Assert.InRange(harness.Value("process_group_resident_memory_bytes"), self.WorkingSet64 * 0.7, self.WorkingSet64 * 1.3);
        Assert.InRange(harness.Value("process_group_threads"), self.Threads.Count - 20, self.Threads.Count + 20);
        Assert.InRange(harness.Value("process_group_cpu_seconds_total"), 0.01, Environment.CpuUsage.TotalTime.TotalSeconds + 1);
        File.Delete(file);
    }

    private static Process Start(string seconds) => Process.Start(new ProcessStartInfo("sleep", [seconds]))!;

    private static double Now() => DateTimeOffset.UtcNow.ToUnixTimeSeconds();

    private static void Next(SamplerHarness harness)
    {
        harness.Time.Advance(TimeSpan.FromSeconds(5));
        Assert.Equal(SampleOutcomeKind.Taken, harness.Sample().Kind);
    }
}
