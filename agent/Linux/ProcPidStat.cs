namespace HostAgent.Agent.Linux;

/// <summary>/proc/PID/stat.</summary>
/// <remarks>proc_pid_stat(5): <c>pid (comm) state ppid pgrp session tty_nr tpgid flags minflt cminflt majflt cmajflt utime stime cutime cstime
/// priority nice num_threads itrealvalue starttime vsize rss ...</c>. comm is the process's own choice and may hold blanks, parentheses and newlines, so the
/// state is what follows the last closing parenthesis.</remarks>
internal static class ProcPidStat
{
    private const int Numbers = 21;
    private const long KernelThreadFlag = 0x00200000; // PF_KTHREAD of sched.h

    /// <summary>The state letter (R, S, D, Z, T, t, I, X ...); false when the text has none.</summary>
    public static bool TryState(ReadOnlySpan<byte> text, out byte state)
    {
        int parenthesis = text.LastIndexOf((byte)')');
        state = 0;
        if (parenthesis < 0 || parenthesis + 3 >= text.Length || text[parenthesis + 1] != (byte)' ' || text[parenthesis + 3] != (byte)' ')
        {
            return false;
        }

        state = text[parenthesis + 2];
        return true;
    }

    /// <summary>The fields that are wanted of a process, and its name; false when the text is not one or is cut off before the last of them.</summary>
    public static bool TryParse(ReadOnlySpan<byte> text, out ReadOnlySpan<byte> name, out ProcessStat stat)
    {
        stat = default;
        name = default;
        int open = text.IndexOf((byte)'(');
        if (open < 0 || !TryState(text, out byte state))
        {
            return false;
        }

        int close = text.LastIndexOf((byte)')');
        scoped Span<long> n = stackalloc long[Numbers];
        ReadOnlySpan<byte> rest = text[(close + 3)..];

        // A number that nothing follows may have been cut.
        if (close <= open || KernelText.TakeNumbers(ref rest, n) < Numbers || rest.IsEmpty)
        {
            return false;
        }

        name = text[(open + 1)..close];
        stat = new ProcessStat(
            state, (int)Math.Clamp(n[0], 0, int.MaxValue), (n[5] & KernelThreadFlag) != 0, Positive(n[10]) + Positive(n[11]), Positive(n[16]),
            Positive(n[18]), Positive(n[20]));
        return true;
    }

    // Half of what a long holds, so that sums do not overflow.
    private static long Positive(long number) => Math.Clamp(number, 0, long.MaxValue / 4);
}
