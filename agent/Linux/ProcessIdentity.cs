using System.Text;

namespace HostAgent.Agent.Linux;

/// <summary>Which process a number stands for: numbers are used again, the start time with the number is not.</summary>
/// <param name="Pid">Its number.</param>
/// <param name="StartTicks">When it started, in clock ticks since boot (field 22 of proc_pid_stat(5)).</param>
/// <param name="Name">comm: the process's own choice, at most 15 bytes, control characters replaced.</param>
/// <param name="State">State letter.</param>
/// <param name="ParentPid">Its parent.</param>
internal sealed record ProcessIdentity(int Pid, long StartTicks, string Name, char State, int ParentPid)
{
    /// <summary>True for a process that has ended and waits for its parent to notice.</summary>
    public bool HasEnded => State is 'Z' or 'X';

    /// <summary>Reads /proc/PID/stat; null when there is no such process.</summary>
    public static ProcessIdentity? Read(LinuxRoots roots, int pid)
    {
        using KernelFile file = roots.ProcFile($"{pid}/stat");
        byte[] buffer = [];
        int count = file.Read(ref buffer);
        return count <= 0 ? null : Parse(pid, buffer.AsSpan(0, count));
    }

    /// <summary>The command line (proc_pid_cmdline(5)) with blanks between its words, at most 200 characters; empty when it is gone or a kernel thread.</summary>
    public static string CommandLine(LinuxRoots roots, int pid)
    {
        using KernelFile file = roots.ProcFile($"{pid}/cmdline");
        byte[] buffer = [];
        int count = Math.Min(file.Read(ref buffer), 1024);
        return count <= 0 ? "" : Clean(Encoding.UTF8.GetString(buffer, 0, count).TrimEnd('\0').Replace('\0', ' '), 200);
    }

    internal static ProcessIdentity? Parse(int pid, ReadOnlySpan<byte> text)
    {
        int open = text.IndexOf((byte)'(');
        int close = text.LastIndexOf((byte)')');
        if (open < 0 || close < open || !ProcPidStat.TryState(text, out byte state))
        {
            return null;
        }

        ReadOnlySpan<byte> rest = text[(close + 4)..].TrimEnd((byte)'\n');
        long[] fields = new long[19]; // field 4, the parent, to field 22, the start time
        return KernelText.TakeNumbers(ref rest, fields) == fields.Length
            ? new ProcessIdentity(pid, fields[18], Clean(Encoding.UTF8.GetString(text[(open + 1)..close]), 64), (char)state, (int)fields[0]) : null;
    }

    private static string Clean(string text, int most)
        => string.Concat(text.Take(most).Select(static c => char.IsControl(c) ? '?' : c));
}
