using System.Globalization;
using System.Net;

namespace HostAgent.Agent.Linux;

/// <summary>The TCP sockets that listen, from /proc/net/tcp and tcp6 (proc_pid_net(5)), and who holds them.</summary>
internal static class ProcNetTcp
{
    private const string Listen = "0A";

    /// <summary>Local address, port and the number of the process that has it open (0 when this user may not see).</summary>
    public static IReadOnlyList<(IPAddress Address, int Port, int Pid)> Read(LinuxRoots roots)
    {
        List<(IPAddress Address, int Port, string Inode)> found = [];
        foreach (string file in new[] { "net/tcp", "net/tcp6" })
        {
            foreach (string line in KernelTextFile.Lines(roots, file).Skip(1))
            {
                string[] words = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
                if (words.Length > 9 && words[3] == Listen && Address(words[1]) is var (address, port))
                {
                    found.Add((address, port, words[9]));
                }
            }
        }

        Dictionary<string, int> owners = Owners(roots);
        return [.. found.Select(one => (one.Address, one.Port, owners.GetValueOrDefault($"socket:[{one.Inode}]")))
            .OrderBy(static one => one.Port).ThenBy(static one => one.Address.ToString(), StringComparer.Ordinal)];
    }

    /// <summary>0100007F:1F90 is 127.0.0.1:8080: the address in words of the host's byte order, the port in hexadecimal.</summary>
    internal static (IPAddress Address, int Port)? Address(string text)
    {
        int colon = text.IndexOf(':', StringComparison.Ordinal);
        if (colon is not (8 or 32) || !int.TryParse(text.AsSpan(colon + 1), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out int port))
        {
            return null;
        }

        byte[] bytes;
        try
        {
            bytes = Convert.FromHexString(text.AsSpan(0, colon));
        }
        catch (FormatException)
        {
            return null;
        }

        for (int word = 0; word < bytes.Length; word += 4)
        {
            bytes.AsSpan(word, 4).Reverse();
        }

        return (new IPAddress(bytes), port);
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
