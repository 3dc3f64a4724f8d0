using System.Globalization;
using System.Net;

namespace HostAgent.Agent.Linux;

/// <summary>The TCP sockets that listen, and who holds them: asked once, by a person. The ports sampler, which asks again and again, keeps its owners.</summary>
internal static class ListeningSockets
{
    /// <summary>Local address, port and the number of the process that has it open (0 when this user may not see).</summary>
    /// <exception cref="IOException">The kernel does not tell.</exception>
    public static IReadOnlyList<(IPAddress Address, int Port, int Pid)> Read(LinuxRoots roots)
    {
        using var diag = new ListenDiag();
        if (diag.AddTcp(new TickGate()) is < 0 and var errno)
        {
            throw new IOException($"the listening sockets cannot be listed: {Errno.Describe(-errno)}");
        }

        Dictionary<string, int> owners = Owners(roots);
        return [.. diag.Found.ToArray().Select(one => (IPAddress.Parse(one.AddressText()), (int)one.Port, owners.GetValueOrDefault($"socket:[{one.Inode}]")))
            .OrderBy(static one => one.Item2).ThenBy(static one => one.Item1.ToString(), StringComparer.Ordinal)];
    }

    private static Dictionary<string, int> Owners(LinuxRoots roots)
    {
        var owners = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (string process in Directory.EnumerateDirectories(roots.Proc))
        {
            if (!int.TryParse(Path.GetFileName(process), NumberStyles.None, CultureInfo.InvariantCulture, out int pid))
            {
                continue;
            }

            try
            {
                foreach (FileSystemInfo descriptor in new DirectoryInfo(process + "/fd").EnumerateFileSystemInfos())
                {
                    if (descriptor.LinkTarget is { } target && target.StartsWith("socket:[", StringComparison.Ordinal))
                    {
                        owners.TryAdd(target, pid);
                    }
                }
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                // It has ended meanwhile, or is none of this user's business.
            }
        }

        return owners;
    }
}
