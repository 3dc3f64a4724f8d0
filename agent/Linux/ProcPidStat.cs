namespace HostAgent.Agent.Linux;

/// <summary>/proc/PID/stat, of which the state is wanted here.</summary>
/// <remarks>proc_pid_stat(5): <c>pid (comm) state ppid ...</c>. comm is the process's own choice and may hold blanks, parentheses and newlines, so the
/// state is what follows the last closing parenthesis.</remarks>
internal static class ProcPidStat
{
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
}
