namespace HostAgent.Agent.Linux;

/// <summary>/proc/PID/smaps_rollup: exact memory figures that the kernel makes by walking the page tables, at a price that grows with the process.</summary>
internal static class ProcPidSmaps
{
    /// <summary>Proportional set size: each shared page counts by how many share it. False when the text has none.</summary>
    /// <remarks>proc_pid_smaps(5): a line with the address range, then <c>Rss: 1234 kB</c>, <c>Pss: 567 kB</c> ...</remarks>
    public static bool TryPss(ReadOnlySpan<byte> text, out long bytes)
    {
        bytes = 0;
        while (KernelText.TakeLine(ref text, out ReadOnlySpan<byte> line))
        {
            if (line.StartsWith("Pss:"u8))
            {
                line = line["Pss:".Length..];
                bool good = KernelText.TakeNumber(ref line, out long kibibytes) && kibibytes is >= 0 and < long.MaxValue / 4096;
                bytes = good ? kibibytes * 1024 : 0;
                return good;
            }
        }

        return false;
    }
}
