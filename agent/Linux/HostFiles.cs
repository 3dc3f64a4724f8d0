using System.Text;

namespace HostAgent.Agent.Linux;

/// <summary>What says which machine and which boot this is.</summary>
internal static class HostFiles
{
    /// <summary>The kernel's id of this boot (proc_sys_kernel(5), random/boot_id); empty when it cannot be read.</summary>
    public static string BootId(LinuxRoots roots)
    {
        using var file = roots.ProcFile("sys/kernel/random/boot_id");
        var buffer = Array.Empty<byte>();
        var read = file.Read(ref buffer);
        return read <= 0 ? "" : Encoding.ASCII.GetString(buffer, 0, read).Trim();
    }

    /// <summary>machine-id(5); null when there is none.</summary>
    public static string? MachineId()
    {
        try
        {
            var text = File.ReadAllText("/etc/machine-id").Trim();
            return text.Length == 0 ? null : text;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
