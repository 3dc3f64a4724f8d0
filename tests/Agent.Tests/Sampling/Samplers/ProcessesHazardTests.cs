using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using HostAgent.Agent.Linux;
using HostAgent.Agent.Sampling;
using HostAgent.Agent.Tests.Sampling.Processes;
using HostAgent.TestSupport;

namespace HostAgent.Agent.Tests.Sampling.Samplers;

/// <summary>A process whose memory lock is stuck, and a user who may not look.</summary>
public sealed partial class ProcessesHazardTests
{
    private const int Nobody = 65534;

    [Fact]
    public async Task A_process_whose_arguments_never_come_is_not_asked_for_them_again()
    {
        using var proc = new FakeProc();
        proc.Put(10, "stuck");
        proc.Put(11, "node", argv: "node server.js");
        string arguments = proc.PathOf("10/cmdline");
        File.Delete(arguments);
        using (Process mkfifo = Process.Start("mkfifo", arguments))
        {
            await mkfifo.WaitForExitAsync();
        }

        // Opening a pipe without a writer waits, as reading the arguments of a stuck process does.
        using var harness = new SamplerHarness("processes", proc.Roots, values: new Dictionary<string, string> { ["groups.g"] = "argv=*server*" });
        Exception? hung = null;
        var reader = new Thread(() => hung = Record.Exception(() => harness.Sample())) { Name = "stuck-reader", IsBackground = true };
        reader.Start();
        await Eventually.TrueAsync(() => IsInOpen("stuck-reader"), "the reading sits in the kernel");
        Assert.True(harness.Gate.TryAbandon());
        await using (new FileStream(arguments, FileMode.Open, FileAccess.Write))
        {
            Assert.True(reader.Join(TimeSpan.FromSeconds(30)));
            Assert.IsType<AbandonedException>(hung);
        }

        Task<SampleOutcome> again = Task.Factory.StartNew(harness.Sample, TaskCreationOptions.LongRunning);
        SampleOutcome outcome = await again.WaitAsync(TimeSpan.FromSeconds(30));
        Assert.Equal(SampleOutcomeKind.Taken, outcome.Kind);
        Assert.Equal(1, harness.Value("process_group_processes"));
    }

    [Fact]
    public void What_a_user_may_not_see_is_counted_and_not_shown_as_zero()
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "needs root to become somebody else");
        string file = Path.GetTempFileName();
        using Process other = Process.Start(new ProcessStartInfo("sleep", "600"))!;
        File.WriteAllText(file, other.Id.ToString(CultureInfo.InvariantCulture));
        File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.OtherRead);
        try
        {
            using var harness = new SamplerHarness("processes", new LinuxRoots(), values: new Dictionary<string, string> { ["groups.g"] = $"pidfile={file}" });

            // The system call itself changes the user of one thread only; that thread ends with the test.
            Exception? failure = null;
            var thread = new Thread(() => failure = Record.Exception(() =>
            {
                nint number = RuntimeInformation.ProcessArchitecture == Architecture.Arm64 ? 147 : 117;
                Assert.Equal(0, SetUser(number, -1, Nobody, -1));
                harness.Sample();
                harness.Time.Advance(TimeSpan.FromSeconds(5));
                Assert.Equal(SampleOutcomeKind.Taken, harness.Sample().Kind);
            }));
            thread.Start();
            Assert.True(thread.Join(TimeSpan.FromSeconds(30)));
            Assert.Null(failure);
            Assert.Equal(1, harness.Value("process_group_processes"));
            Assert.Equal(1, harness.Value("process_group_unreadable_processes"));
            Assert.True(double.IsNaN(harness.Value("process_group_open_descriptors")));
            Assert.True(double.IsNaN(harness.Value("process_group_read_bytes_total")));
            Assert.True(harness.Value("process_group_cpu_seconds_total") >= 0);
        }
        finally
        {
            other.Kill();
            File.Delete(file);
        }
    }

    // proc_pid_syscall(5): the number of the system call that a thread waits in.
    private static bool IsInOpen(string thread)
    {
        string number = RuntimeInformation.ProcessArchitecture == Architecture.Arm64 ? "56 " : "257 ";
        foreach (string task in Directory.GetDirectories("/proc/self/task"))
        {
            try
            {
                if (File.ReadAllText($"{task}/comm").Trim() == thread && File.ReadAllText($"{task}/syscall").StartsWith(number, StringComparison.Ordinal))
                {
                    return true;
                }
            }
            catch (IOException)
            {
                // The thread has ended meanwhile.
            }
        }

        return false;
    }

    [LibraryImport("libc", EntryPoint = "syscall")]
    private static partial nint SetUser(nint number, nint real, nint effective, nint saved);
}
