using System.Globalization;
using HostAgent.Agent.Linux;

namespace HostAgent.Agent.Tests.Sampling.Processes;

/// <summary>A procfs in a temporary folder, with processes that come and go as the test says.</summary>
internal sealed class FakeProc : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("fake-proc-").FullName;

    public FakeProc() => File.WriteAllText(Path.Combine(_root, "stat"), "cpu 1 2 3 4 5 6 7 8 9 10\ncpu0 1 2 3 4 5 6 7 8 9 10\nintr 5 1\nctxt 6\nbtime 1700000000\nprocesses 7\nprocs_running 1\nprocs_blocked 0\nsoftirq 9 1\n");

    public LinuxRoots Roots => new() { Proc = _root, Sys = _root };

    public string Put(
        int pid, string name, int parent = 1, long ticks = 0, long start = 100, long pages = 1000, char state = 'S', int threads = 1,
        string? argv = null, string cgroup = "0::/\n", long read = 0, long written = 0, int descriptors = 3, long pssKib = 2048)
    {
        string folder = Path.Combine(_root, pid.ToString(CultureInfo.InvariantCulture));
        Directory.CreateDirectory(Path.Combine(folder, "fd"));
        File.WriteAllText(
            Path.Combine(folder, "stat"),
            $"{pid} ({name}) {state} {parent} {pid} {pid} 0 -1 4194560 1 2 3 4 {ticks} 0 9 9 20 0 {threads} 0 {start} 1000000 {pages} 18446744073709551615 1\n");
        File.WriteAllText(Path.Combine(folder, "cmdline"), (argv ?? name).Replace(' ', '\0') + "\0");
        File.WriteAllText(Path.Combine(folder, "cgroup"), cgroup);
        File.WriteAllText(Path.Combine(folder, "io"), $"rchar: 1\nwchar: 2\nsyscr: 3\nsyscw: 4\nread_bytes: {read}\nwrite_bytes: {written}\ncancelled_write_bytes: 0\n");
        File.WriteAllText(Path.Combine(folder, "smaps_rollup"), $"00400000-7fff0000 ---p 00000000 00:00 0 [rollup]\nRss: 9999 kB\nPss: {pssKib} kB\n");
        foreach (string old in Directory.GetFiles(Path.Combine(folder, "fd")))
        {
            File.Delete(old);
        }

        for (int i = 0; i < descriptors; i++)
        {
            File.WriteAllText(Path.Combine(folder, "fd", i.ToString(CultureInfo.InvariantCulture)), "");
        }

        return folder;
    }

    public void Remove(int pid) => Directory.Delete(Path.Combine(_root, pid.ToString(CultureInfo.InvariantCulture)), recursive: true);

    public string PathOf(string name) => Path.Combine(_root, name);

    public void Dispose() => Directory.Delete(_root, recursive: true);
}
