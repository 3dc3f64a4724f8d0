namespace HostAgent.Agent.Linux;

/// <summary>The content of /proc/loadavg.</summary>
/// <remarks>proc_loadavg(5): <c>0.63 0.44 0.33 1/94 7374</c>: load over 1, 5 and 15 minutes; runnable / all kernel scheduling
/// entities (processes, threads); the PID made last.</remarks>
internal struct ProcLoadavg
{
    /// <summary>Load in hundredths over one minute.</summary>
    public long Load1;

    /// <summary>Load in hundredths over five minutes.</summary>
    public long Load5;

    /// <summary>Load in hundredths over fifteen minutes.</summary>
    public long Load15;

    /// <summary>Runnable threads.</summary>
    public long Runnable;

    /// <summary>All threads.</summary>
    public long Threads;

    /// <summary>Reads the text. Returns null, or what is wrong with it.</summary>
    public string? Parse(ReadOnlySpan<byte> text)
    {
        if (!KernelText.IsWhole(text) || !KernelText.TakeLine(ref text, out ReadOnlySpan<byte> line))
        {
            return "cut off";
        }

        if (!KernelText.TakeDecimal(ref line, 2, out Load1) || !KernelText.TakeDecimal(ref line, 2, out Load5)
            || !KernelText.TakeDecimal(ref line, 2, out Load15))
        {
            return "no three loads";
        }

        int slash;
        if (!KernelText.TakeWord(ref line, out ReadOnlySpan<byte> threads) || (slash = threads.IndexOf((byte)'/')) < 0)
        {
            return "no running/total";
        }

        ReadOnlySpan<byte> runnable = threads[..slash];
        ReadOnlySpan<byte> all = threads[(slash + 1)..];
        return KernelText.TakeNumber(ref runnable, out Runnable) && KernelText.TakeNumber(ref all, out Threads) ? null : "no running/total";
    }
}
