namespace HostAgent.Agent.Linux;

/// <summary>/proc/PID/cgroup: where in the tree of control groups a process is.</summary>
/// <remarks>cgroups(7): lines <c>hierarchy:controllers:path</c>; version 2 is <c>0::path</c>, and systemd's own hierarchy of version 1 is
/// <c>N:name=systemd:path</c>.</remarks>
internal static class ProcPidCgroup
{
    /// <summary>The path that says most: that of version 2, unless it is the root and systemd's of version 1 is not; then that of any controller. Empty:
    /// the text has none.</summary>
    public static ReadOnlySpan<byte> PathOf(ReadOnlySpan<byte> text)
    {
        ReadOnlySpan<byte> unified = default, systemd = default, any = default;
        while (KernelText.TakeLine(ref text, out ReadOnlySpan<byte> line))
        {
            int first = line.IndexOf((byte)':');
            int second = first < 0 ? -1 : line[(first + 1)..].IndexOf((byte)':');
            if (second < 0)
            {
                continue;
            }

            ReadOnlySpan<byte> controllers = line.Slice(first + 1, second);
            ReadOnlySpan<byte> path = line[(first + second + 2)..];
            if (controllers.IsEmpty)
            {
                unified = path;
            }
            else if (controllers.SequenceEqual("name=systemd"u8))
            {
                systemd = path;
            }
            else if (path.Length > any.Length)
            {
                any = path;
            }
        }

        return unified.Length > 1 ? unified : systemd.Length > 1 ? systemd : any.Length > 1 ? any : unified;
    }
}
