using System.Text;

namespace HostAgent.Agent.Linux;

/// <summary>A small kernel file as text, for people. Samplers, which read every second, use <see cref="KernelFile"/> itself.</summary>
internal static class KernelTextFile
{
    /// <summary>Its content; empty when this kernel does not have it or this user may not read it.</summary>
    /// <param name="roots">Where procfs is.</param>
    /// <param name="path">Below procfs.</param>
    public static string Read(LinuxRoots roots, string path)
    {
        using KernelFile file = new($"{roots.Proc}/{path}") { HasLongRecords = true };
        byte[] buffer = [];
        int count = file.Read(ref buffer);
        return count <= 0 ? "" : Encoding.UTF8.GetString(buffer, 0, count);
    }

    /// <summary>Its lines.</summary>
    public static string[] Lines(LinuxRoots roots, string path) => Read(roots, path).Split('\n', StringSplitOptions.RemoveEmptyEntries);
}
