using System.Globalization;
using HostAgent.Agent.Linux;

namespace HostAgent.Agent.Tests.Sampling.Processes;

/// <summary>A procfs in a temporary folder, with processes that come and go as the test says.</summary>
internal sealed class FakeProc : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("fake-proc-").FullName;

    private readonly Dictionary<string, string> _written = [];

    public FakeProc() => File.WriteAllText(Path.Combine(_root, "stat"), "cpu 1 2 3 4 5 6 7 8 9 10\ncpu0 1 2 3 4 5 6 7 8 9 10\nintr 5 1\nctxt 6\nbtime 1700000000\nprocesses 7\nprocs_running 1\nprocs_blocked 0\nsoftirq 9 1\n");

    public LinuxRoots Roots => new() { Proc = _root, Sys = _root };

    public string Put(
        int pid, string name, int parent = 1, long ticks = 0, long start = 100, long pages = 1000, char state = 'S', int threads = 1,
        string? argv = null, string cgroup = "0::/\n", long read = 0, long written = 0, int descriptors = 3, long pssKib = 2048)
    {
        string folder = Path.Combine(_root, pid.ToString(CultureInfo.InvariantCulture));
        Write(
            Path.Combine(folder, "stat"),
            $"{pid} ({name}) {state} {parent} {pid} {pid} 0 -1 4194560 1 2 3 4 {ticks} 0 9 9 20 0 {threads} 0 {start} 1000000 {pages} 18446744073709551615 1\n");
        Write(Path.Combine(folder, "cmdline"), (argv ?? name).Replace(' ', '\0') + "\0");
        Write(Path.Combine(folder, "cgroup"), cgroup);
        Write(Path.Combine(folder, "io"), $"rchar: 1\nwchar: 2\nsyscr: 3\nsyscw: 4\nread_bytes: {read}\nwrite_bytes: {written}\ncancelled_write_bytes: 0\n");
        Write(Path.Combine(folder, "smaps_rollup"), $"00400000-7fff0000 ---p 00000000 00:00 0 [rollup]\nRss: 9999 kB\nPss: {pssKib} kB\n");
        if (Write(Path.Combine(folder, "descriptors"), $"{descriptors}"))
        {
            string directory = Path.Combine(folder, "fd");
            Directory.CreateDirectory(directory);
            Array.ForEach(Directory.GetFiles(directory), File.Delete);
            for (int i = 0; i < descriptors; i++)
            {
                File.WriteAllText(Path.Combine(directory, i.ToString(CultureInfo.InvariantCulture)), "");
            }
        }

        return folder;
    }

    public void Remove(int pid)
    {
        string folder = Path.Combine(_root, pid.ToString(CultureInfo.InvariantCulture));
        Directory.Delete(folder, recursive: true);
        foreach (string path in _written.Keys.Where(path => path.StartsWith(folder + "/", StringComparison.Ordinal)).ToArray())
        {
            _written.Remove(path);
        }
    }

    public string PathOf(string name) => Path.Combine(_root, name);

    public void Dispose() => Directory.Delete(_root, recursive: true);

    // True when the content is another than before.
    private bool Write(string path, string content)
    {
        if (_written.TryGetValue(path, out string? before) && before == content)
        {
            return false;
        }

        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, content);
        _written[path] = content;
        return true;
    }
}
