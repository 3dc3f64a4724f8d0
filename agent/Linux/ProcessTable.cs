using System.Globalization;

namespace HostAgent.Agent.Linux;

/// <summary>All processes with their memory, for a look now and then.</summary>
internal static class ProcessTable
{
    /// <summary>Every process that could be read, the largest first: identity and resident bytes (proc_pid_statm(5), field 2).</summary>
    public static IReadOnlyList<(ProcessIdentity Process, long ResidentBytes)> Read(LinuxRoots roots)
    {
        List<(ProcessIdentity Process, long ResidentBytes)> all = [];
        foreach (string folder in Directory.EnumerateDirectories(roots.Proc))
        {
            if (int.TryParse(Path.GetFileName(folder), NumberStyles.None, CultureInfo.InvariantCulture, out int pid) && ProcessIdentity.Read(roots, pid) is { } process)
            {
                string[] fields = KernelTextFile.Read(roots, $"{pid}/statm").Split(' ');
                long pages = fields.Length > 1 && long.TryParse(fields[1], CultureInfo.InvariantCulture, out long number) ? number : 0;
                all.Add((process, pages * Environment.SystemPageSize));
            }
        }

        return [.. all.OrderByDescending(static one => one.ResidentBytes)];
    }
}
