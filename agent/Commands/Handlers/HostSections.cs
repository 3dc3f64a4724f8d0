using System.Globalization;
using System.Reflection;
using System.Text;
using HostAgent.Agent.Linux;

namespace HostAgent.Agent.Commands.Handlers;

/// <summary>The sections of a diagnosis that come from the kernel.</summary>
internal sealed class HostSections(HandlerSetup setup)
{
    private const int Processes = 25;

    private static readonly TimeSpan DiskPatience = TimeSpan.FromSeconds(2);

    // File systems that hold nothing of anybody's.
    private static readonly string[] Virtual =
        ["proc", "sysfs", "devpts", "cgroup", "cgroup2", "mqueue", "debugfs", "tracefs", "securityfs", "pstore", "bpf", "fusectl", "configfs", "hugetlbfs", "autofs", "nsfs", "binfmt_misc"];

    public Task<string> VersionsAsync(CancellationToken cancellation)
    {
        string agent = typeof(HostSections).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "?";
        string system = File.Exists(setup.Roots.Tree + "/etc/os-release")
            ? File.ReadLines(setup.Roots.Tree + "/etc/os-release").FirstOrDefault(static line => line.StartsWith("PRETTY_NAME=", StringComparison.Ordinal)) ?? "" : "";
        string uptime = KernelTextFile.Read(setup.Roots, "uptime").Split(' ')[0];
        string up = double.TryParse(uptime, CultureInfo.InvariantCulture, out double seconds) ? TimeSpan.FromSeconds((long)seconds).ToString("c", CultureInfo.InvariantCulture) : "?";
        return Task.FromResult($"hostagent {agent}\n{system}\n{KernelTextFile.Read(setup.Roots, "version").Trim()}\nup {up}, now {setup.Time.GetUtcNow():O}");
    }

    public Task<string> LoadAsync(CancellationToken cancellation)
    {
        var text = new StringBuilder("loadavg ").Append(KernelTextFile.Read(setup.Roots, "loadavg"));
        foreach (string resource in new[] { "cpu", "memory", "io" })
        {
            foreach (string line in KernelTextFile.Lines(setup.Roots, "pressure/" + resource))
            {
                text.Append("pressure ").Append(resource).Append(' ').Append(line).Append('\n');
            }
        }

        return Task.FromResult(text.ToString());
    }

    public Task<string> MemoryAsync(CancellationToken cancellation)
    {
        string[] wanted = ["MemTotal:", "MemFree:", "MemAvailable:", "Cached:", "Dirty:", "SwapTotal:", "SwapFree:", "Committed_AS:", "Slab:"];
        IEnumerable<string> memory = KernelTextFile.Lines(setup.Roots, "meminfo").Where(line => wanted.Any(name => line.StartsWith(name, StringComparison.Ordinal)));
        IEnumerable<string> kills = KernelTextFile.Lines(setup.Roots, "vmstat").Where(static line => line.StartsWith("oom_kill ", StringComparison.Ordinal));
        return Task.FromResult(string.Join('\n', memory.Concat(kills).Concat(KernelTextFile.Lines(setup.Roots, "net/sockstat"))));
    }

    public async Task<string> DisksAsync(CancellationToken cancellation)
    {
        List<Mount> mounts = [];
        if (ProcMountinfo.Parse(Encoding.UTF8.GetBytes(KernelTextFile.Read(setup.Roots, "self/mountinfo")), mounts) is { } fault)
        {
            throw new IOException("mountinfo: " + fault);
        }

        var text = new StringBuilder("used%  inodes%  available-MiB  size-MiB  type  mount point\n");
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (Mount mount in mounts.Where(static one => !Virtual.Contains(one.Type)).AsEnumerable().Reverse())
        {
            if (!seen.Add(mount.DeviceNumber))
            {
                continue;
            }

            // A server that is silent must not take the rest with it.
            byte[] path = [.. Encoding.UTF8.GetBytes(setup.Roots.Tree), .. mount.MountPointBytes, 0];
            Task<(int Errno, FilesystemSpace Space)> ask = Task.Run(() => (StatvfsCall.Read(path, out FilesystemSpace space), space), cancellation);
            if (await Task.WhenAny(ask, Task.Delay(DiskPatience, setup.Time, cancellation)) != ask)
            {
                text.Append(CultureInfo.InvariantCulture, $"(no answer)  {mount.Type}  {mount.MountPoint}\n");
            }
            else if (await ask is { Errno: 0, Space: var space } && space.SizeBytes > 0)
            {
                double inodes = space.Inodes == 0 ? 0 : 100.0 * (space.Inodes - space.FreeInodes) / space.Inodes;
                text.Append(CultureInfo.InvariantCulture, $"{100.0 * (space.SizeBytes - space.FreeBytes) / space.SizeBytes,5:0.0}  {inodes,7:0.0}  ")
                    .Append(CultureInfo.InvariantCulture, $"{space.AvailableBytes >> 20,13}  {space.SizeBytes >> 20,8}  {mount.Type}  {mount.MountPoint}{(space.ReadOnly ? "  read-only" : "")}\n");
            }
        }

        return text.ToString();
    }

    public Task<string> PortsAsync(CancellationToken cancellation)
    {
        var text = new StringBuilder();
        foreach ((System.Net.IPAddress address, int port, int pid) in ProcNetTcp.Read(setup.Roots))
        {
            string owner = pid == 0 ? "?" : $"{pid} {ProcessIdentity.Read(setup.Roots, pid)?.Name}";
            text.Append(CultureInfo.InvariantCulture, $"tcp {new System.Net.IPEndPoint(address, port)}  {owner}\n");
        }

        return Task.FromResult(text.ToString());
    }

    public Task<string> ProcessesAsync(CancellationToken cancellation)
    {
        IReadOnlyList<(ProcessIdentity Process, long ResidentBytes)> all = ProcessTable.Read(setup.Roots);
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"{all.Count} processes, {all.Count(static one => one.Process.State == 'D')} in uninterruptible sleep, ")
            .Append(CultureInfo.InvariantCulture, $"{all.Count(static one => one.Process.HasEnded)} zombies\npid  start-ticks  state  resident-MiB  command\n");
        foreach ((ProcessIdentity process, long bytes) in all.Take(Processes))
        {
            string command = ProcessIdentity.CommandLine(setup.Roots, process.Pid);
            text.Append(CultureInfo.InvariantCulture, $"{process.Pid}  {process.StartTicks}  {process.State}  {bytes >> 20}  {(command.Length > 0 ? command : $"[{process.Name}]")}\n");
        }

        return Task.FromResult(text.ToString());
    }
}
