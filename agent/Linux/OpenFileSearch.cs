using System.Globalization;

namespace HostAgent.Agent.Linux;

/// <summary>Finds out who has a file open, by its device and inode: what /proc/PID/fd leads to (proc_pid_fd(5)).</summary>
internal static class OpenFileSearch
{
    /// <summary>The first process found that has the file open, or 0. Those that this user may not look into are not seen.</summary>
    public static int FirstHolder(LinuxRoots roots, FileStatus file)
    {
        foreach (string process in Directory.EnumerateDirectories(roots.Proc))
        {
            if (!int.TryParse(Path.GetFileName(process), NumberStyles.None, CultureInfo.InvariantCulture, out int pid) || pid == Environment.ProcessId)
            {
                continue;
            }

            try
            {
                foreach (string descriptor in Directory.EnumerateFileSystemEntries(process + "/fd"))
                {
                    if (StatxCall.Target(descriptor, out FileStatus open) == 0 && open.Inode == file.Inode && open.Device == file.Device)
                    {
                        return pid;
                    }
                }
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                // It has ended meanwhile, or is none of this user's business.
            }
        }

        return 0;
    }
}
