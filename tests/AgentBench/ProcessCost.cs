using System.Globalization;

namespace HostAgent.AgentBench;

/// <summary>What the kernel has charged a process so far. CPU is the scheduler's own count in nanoseconds, summed over its threads; a thread that
/// ended between two readings takes its share with it, so compare readings of a process whose threads live.</summary>
internal sealed record ProcessCost(long CpuNs, long ContextSwitches, long ResidentBytes, long PeakBytes, long WrittenBytes, int Threads)
{
    public static ProcessCost Read(int pid)
    {
        long cpu = 0, switches = 0;
        string[] tasks = Directory.GetDirectories($"/proc/{pid}/task");
        foreach (string task in tasks)
        {
            cpu += Number(File.ReadAllText(Path.Combine(task, "schedstat")).Split(' ')[0]);
            switches += Field(Path.Combine(task, "status"), "voluntary_ctxt_switches:") + Field(Path.Combine(task, "status"), "nonvoluntary_ctxt_switches:");
        }

        string status = $"/proc/{pid}/status";
        return new ProcessCost(
            cpu, switches, Field(status, "VmRSS:") * 1024, Field(status, "VmHWM:") * 1024, Field($"/proc/{pid}/io", "write_bytes:"), tasks.Length);
    }

    private static long Field(string path, string name)
    {
        foreach (string line in File.ReadLines(path))
        {
            if (line.StartsWith(name, StringComparison.Ordinal))
            {
                return Number(line[name.Length..].Trim().Split(' ')[0]);
            }
        }

        return 0;
    }

    private static long Number(string text) => long.Parse(text.Trim(), CultureInfo.InvariantCulture);
}
